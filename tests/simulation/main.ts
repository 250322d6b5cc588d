import { parseArgs } from 'node:util';
import { type Cleanup, startServers } from '../start-test-servers.ts';
import { formatCounts } from './fault-counts.ts';
import { runSeeds, WORKERS } from './run-seeds.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(WORKERS) },
    'first-failure': { type: 'boolean', default: false },
  },
});
const single = values.seed === undefined ? null : Number(values.seed);
const from = Number(values.from);
const runs = Number(values.runs);
const workers = Number(values.workers);
if (![single ?? 1, from, runs, workers].every((value) => Number.isSafeInteger(value) && value > 0)) {
  console.error(
    'npm run simulate -- --seed N | --runs N [--from N] [--workers N] [--first-failure]; each a whole number above 0',
  );
  process.exit(2);
}

const seeds = single === null ? Array.from({ length: runs }, (_, index) => from + index) : [single];
const cleanups: Cleanup[] = [];
let failures = 0;
try {
  const servers = await startServers(cleanups);
  const startedAt = performance.now();
  let done = 0;
  const { counts } = await runSeeds({
    servers,
    seeds,
    workers,
    withSteps: single !== null,
    onResult({ seed, violations, steps }) {
      done += 1;
      if (steps.length > 0) console.log(steps.join('\n'));
      if (violations.length > 0) {
        failures += 1;
        console.log(`seed ${seed}:\n${violations.map((line) => `  ${line}`).join('\n')}`);
      }
      if (done % 100 === 0) console.log(`${done} of ${seeds.length} runs, ${failures} failed`);
      return failures > 0 && values['first-failure'] ? 'stop' : 'go on';
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`\nwhat went wrong outside:\n${formatCounts(counts.all())}\n`);
  console.log(`${done} runs in ${seconds.toFixed(1)} s, ${failures} failed`);
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}
process.exitCode = failures > 0 ? 1 : 0;
