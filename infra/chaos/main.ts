import { randomInt } from 'node:crypto';
import { listenForInterrupts } from '../local/interrupts.ts';
import { findRedisServer } from '../local/redis.ts';
import { temporaryRoot } from '../local/testing/temporary-root.ts';
import { chaosHelp, parseChaosArguments } from './parse-arguments.ts';
import { runChaos } from './run-chaos.ts';

const INTERRUPTED = 130;

// npm run chaos: see docs/reliability.md.
const parsed = parseChaosArguments(process.argv.slice(2));
if (parsed.kind === 'help') {
  process.stdout.write(`${chaosHelp}\n`);
} else if (parsed.kind === 'mistake') {
  process.stderr.write(`${parsed.message}\n\n${chaosHelp}\n`);
  process.exitCode = 2;
} else {
  const { env } = process;
  const redisBinary = findRedisServer(env.PATH);
  const backend = parsed.backend ?? (redisBinary === null ? 'postgres' : 'redis');
  if (backend === 'redis' && redisBinary === null) {
    process.stderr.write('--backend redis needs a redis-server or valkey-server on PATH\n');
    process.exit(2);
  }
  // The PostgreSQL client takes settings from such variables that the address does not name, such as PGSSLMODE.
  for (const name of Object.keys(env)) if (name.startsWith('PG')) delete env[name];
  const interruption = new AbortController();
  listenForInterrupts(
    process,
    () => {
      console.log('stopping (Ctrl-C again: at once)');
      interruption.abort(new Error('interrupted'));
    },
    // What runs ends by its lifelines, in a moment and in order.
    () => process.exit(INTERRUPTED),
  );
  const root = temporaryRoot();
  try {
    const succeeded = await runChaos({
      seed: parsed.seed ?? randomInt(2 ** 32),
      lengthMs: parsed.minutes * 60_000,
      backend,
      redisBinary,
      folder: root.dataRoot,
      print: (line) => console.log(line),
      signal: interruption.signal,
    });
    process.exitCode = succeeded ? 0 : 1;
  } catch (error) {
    console.error(error);
    process.exitCode = interruption.signal.aborted ? INTERRUPTED : 1;
  } finally {
    root[Symbol.dispose]();
  }
  // The schema engine's timer would keep the process alive for ten seconds.
  process.exit();
}
