#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { commands } from './commands.ts';
import { runCommandLine } from './run-command-line.ts';

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
