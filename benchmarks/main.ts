import { parseArgs } from 'node:util';
import { findRedisServer } from '../infra/local/redis.ts';
import { temporaryRoot } from '../infra/local/testing/temporary-root.ts';
import { describeMachine } from './describe-machine.ts';
import { measureFairness } from './fairness/measure-fairness.ts';
import { measureSendRate } from './send-rate/measure-send-rate.ts';

// npm run bench: see benchmarks/README.md.
const help = `npm run bench -- send-rate [--backend redis|postgres] [--messages 10000]
npm run bench -- fairness [--backend redis|postgres] [--messages 3000]`;

const measurements = {
  'send-rate': { measure: measureSendRate, messageCount: 10_000 },
  fairness: { measure: measureFairness, messageCount: 3_000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string' },
    messages: { type: 'string' },
  },
});
const measurement = Object.entries(measurements).find(([name]) => name === positionals.join())?.[1];
const messageCount = Number(values.messages ?? measurement?.messageCount);
const redisBinary = findRedisServer(process.env.PATH);
const backend = values.backend ?? (redisBinary === null ? 'postgres' : 'redis');
const isUnderstood =
  Number.isInteger(messageCount) &&
  messageCount > 0 &&
  (backend === 'postgres' || (backend === 'redis' && redisBinary !== null));

if (measurement && isUnderstood) {
  console.log(describeMachine());
  const root = temporaryRoot();
  try {
    for await (const line of measurement.measure({
      folder: root.dataRoot,
      redisBinary: backend === 'redis' ? redisBinary : null,
      messageCount,
    })) {
      console.log(line);
    }
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    root[Symbol.dispose]();
  }
  // The schema engine's timer would keep the process alive for ten seconds.
  process.exit();
} else {
  console.error(help);
  process.exitCode = 2;
}
