#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

// Before anything else is loaded, which is most of what a command takes; where it cannot be written, nothing is kept.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/node-compile'));
const { systemClock } = await import('@tollgate/shared/time/clock.ts');
const { commands } = await import('./commands.ts');
const { runCommandLine } = await import('./run-command-line.ts');

process.exitCode = await runCommandLine(
  {
    environment: process.env,
    clock: systemClock,
    print: (output) => void process.stdout.write(output),
    complain: (output) => void process.stderr.write(output),
    readInput: () => text(process.stdin),
  },
  commands,
  process.argv.slice(2),
);
