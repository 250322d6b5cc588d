import { afterAll, expect, test } from 'vitest';
import { StripeBusyError, withStripeLease } from '../src/stripe/stripe-lease.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { manualClock } from '../src/time/clock.ts';
import { SECOND_MS } from '../src/time/durations.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(() => database.close());

let keys = 0;

/** Two processes with a clock in common, and what the first one is stopped in. */
function twoWriters() {
  keys += 1;
  const key = `customer cus_${keys}`;
  const clock = manualClock('2026-03-10T09:00:00Z');
  const renewals: (() => Promise<unknown>)[] = [];
  const deps = {
    prisma,
    clock,
    pause: async () => undefined,
    keepAlive: (renew: () => Promise<unknown>) => {
      renewals.push(renew);
      return () => undefined;
    },
  };
  const other = () => withStripeLease(deps, key, async () => 'other');
  return { key, clock, deps, renewals, other };
}

test('one at a time works under a key; who comes meanwhile is sent away, and let in afterwards', async () => {
  const { key, deps, other } = twoWriters();
  await withStripeLease(deps, key, async () => {
    await expect(other()).rejects.toThrow(StripeBusyError);
  });
  expect(await other()).toBe('other');
});

test('other keys are not waited for', async () => {
  const [one, another] = [twoWriters(), twoWriters()];
  await withStripeLease(one.deps, one.key, async () => {
    expect(await another.other()).toBe('other');
  });
});

test('work that fails gives its lease back', async () => {
  const { key, deps, other } = twoWriters();
  const broken = withStripeLease(deps, key, () => Promise.reject(new Error('broken')));
  await expect(broken).rejects.toThrow('broken');
  expect(await other()).toBe('other');
});

test('a process that died blocks the key for twenty seconds, and who was away for as long makes no further call', async () => {
  const { key, clock, deps, other } = twoWriters();
  await withStripeLease(deps, key, async (lease) => {
    clock.advance(19 * SECOND_MS);
    await expect(other()).rejects.toThrow(StripeBusyError);
    clock.advance(2 * SECOND_MS);
    expect(await other()).toBe('other');
    await expect(lease.extend()).rejects.toThrow('was taken over');
  });
});

test('a call that takes longer than the lease keeps it, because it is renewed meanwhile', async () => {
  const { key, clock, deps, renewals, other } = twoWriters();
  await withStripeLease(deps, key, async (lease) => {
    for (let passed = 0; passed < 60; passed += 5) {
      clock.advance(5 * SECOND_MS);
      for (const renew of renewals.slice(0, 1)) await renew();
      await expect(other()).rejects.toThrow(StripeBusyError);
    }
    await lease.extend();
  });
});
