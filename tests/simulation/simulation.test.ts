import { testServers } from '@tollgate/shared/testing/test-servers.ts';
import { expect, test } from 'vitest';
import { formatCounts } from './fault-counts.ts';
import { runSeeds } from './run-seeds.ts';

const SEEDS = 1_000;
const MINUTE_MS = 60_000;

const seedsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

test(
  'the same seed gives the same run, whatever ran before it',
  async () => {
    const seeds = seedsFrom(1, 6);
    const servers = testServers();
    const once = await runSeeds({ servers, seeds, withSteps: true });
    const again = await runSeeds({ servers, seeds: seeds.toReversed(), withSteps: true });
    expect(again.results.toReversed()).toEqual(once.results);
    expect(once.results.every(({ steps }) => steps.length > 100)).toBe(true);
  },
  MINUTE_MS,
);

test(
  `nothing is lost, sent twice, charged twice or billed twice in ${SEEDS} storms`,
  async () => {
    const { results, counts } = await runSeeds({ servers: testServers(), seeds: seedsFrom(1, SEEDS) });
    process.stdout.write(
      `what went wrong outside, in ${results.length} runs:\n${formatCounts(counts.all())}\n`,
    );
    const failed = results.filter(({ violations }) => violations.length > 0);
    const told = failed.map(
      ({ seed, violations }) =>
        `seed ${seed}: ${violations.join('\n  ')}\n  replay: npm run simulate -- --seed ${seed}`,
    );
    expect(told.join('\n')).toBe('');
  },
  // On two cores that have other tests to run beside; alone it takes half as long.
  25 * MINUTE_MS,
);
