import { join, resolve } from 'node:path';
import { findIgnoredVariables } from './ignored-variables.ts';
import { listenForInterrupts } from './interrupts.ts';
import { createMergedLog } from './log/merged-log.ts';
import { parseStartArguments, startHelp } from './parse-arguments.ts';
import type { KeptService } from './services/keep-running.ts';
import { createShutdown, InterruptedError } from './shutdown.ts';
import { start } from './start.ts';
import { choosePaint } from './terminal/colours.ts';
import { createProgress } from './terminal/progress.ts';
import { showPath } from './terminal/show-path.ts';
import { createTerminal } from './terminal/terminal.ts';

const INTERRUPTED = 130;

// npm start: the whole of Tollgate on this machine. See README.md.
const parsed = parseStartArguments(process.argv.slice(2));
if (parsed.kind === 'help') {
  process.stdout.write(`${startHelp}\n`);
} else if (parsed.kind === 'mistake') {
  process.stderr.write(`${parsed.message}\n\n${startHelp}\n`);
  process.exitCode = 2;
} else {
  // Whoever read our output may have gone; what runs is stopped all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const { env } = process;
  const terminal = createTerminal(process.stdout, env.TERM);
  const paint = choosePaint(process.stdout.isTTY, env);
  const now = () => new Date();
  const log = createMergedLog({ terminal, paint, now, loudness: parsed.verbose ? 'all' : 'alarming' });
  const shutdown = createShutdown();
  const running: KeptService[] = [];

  const ignored = findIgnoredVariables(env);
  if (ignored.length > 0) {
    terminal.print(
      `Not used, because npm start only uses what it starts itself: ${ignored.join(', ')} of your shell`,
    );
  }
  // The PostgreSQL client takes settings from such variables that the address does not name, such as PGSSLMODE.
  for (const name of Object.keys(env)) if (name.startsWith('PG')) delete env[name];

  listenForInterrupts(
    process,
    () => {
      terminal.print('stopping (Ctrl-C again: at once)');
      shutdown.interrupt(new InterruptedError('interrupted'));
    },
    () => {
      for (const service of running) service.kill();
      // The servers end by their lifelines, in a moment and in order.
      process.exit(INTERRUPTED);
    },
  );

  const { PATH = '', HOME = '', TZ = '' } = env;
  const exitCode = await start({
    root: resolve(parsed.data ?? join(import.meta.dirname, '../..')),
    once: parsed.once,
    verbose: parsed.verbose,
    baseEnvironment: Object.fromEntries(
      Object.entries({ PATH, HOME, TZ }).filter(([, value]) => value !== ''),
    ),
    now,
    showPath: (path) => showPath(process.cwd(), path),
    terminal,
    paint,
    progress: createProgress(terminal, paint),
    log,
    shutdown,
    running,
  });
  // Whatever a failed start has left open must not keep the process alive, such as the schema engine's timer.
  process.exit(exitCode);
}
