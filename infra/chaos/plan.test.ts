import { describe, expect, test } from 'vitest';
import { OUTAGE_MS, planChaos } from './plan.ts';
import { createRandom } from './random.ts';

const MINUTE_MS = 60_000;
const seeds = Array.from({ length: 50 }, (_, seed) => seed);

const plan = (seed: number, minutes = 3, backend: 'redis' | 'postgres' = 'redis') =>
  planChaos(createRandom(seed), { lengthMs: minutes * MINUTE_MS, backend, serviceCount: 9 });
const kindsOf = (seed: number, minutes?: number, backend?: 'redis' | 'postgres') =>
  new Set(plan(seed, minutes, backend).flatMap((lane) => lane.map(({ fault }) => fault.kind)));

describe('a plan', () => {
  test('is decided by its seed', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  test.each([0.5, 1, 3, 10])('of %d minutes ends in time, and in a lane nothing overlaps', (minutes) => {
    for (const seed of seeds) {
      for (const lane of plan(seed, minutes)) {
        const ends = lane.map(({ atMs, durationMs }) => atMs + durationMs);
        expect(lane.every(({ atMs }, place) => atMs >= (ends[place - 1] ?? 0))).toBe(true);
        expect(Math.max(0, ...ends)).toBeLessThanOrEqual(minutes * MINUTE_MS);
      }
    }
  });

  test('of four minutes has everything that can be done to servers, processes and webhooks', () => {
    for (const seed of seeds) {
      const kinds = kindsOf(seed, 4);
      for (const kind of [
        'service is killed',
        'PostgreSQL is restarted',
        'PostgreSQL crashes',
        'Redis is restarted',
        'Redis crashes',
        'Redis crashes and loses everything',
        'queue is emptied',
        'delivery reports are lost',
        'webhooks come twice',
        'webhooks come in another order',
        'webhooks come late',
      ]) {
        expect(kinds).toContain(kind);
      }
    }
  });

  test('has two minutes without the provider when it is long enough, and not otherwise', () => {
    for (const seed of seeds) {
      const [provider = []] = plan(seed);
      const outage = provider.filter(({ durationMs }) => durationMs === OUTAGE_MS / 5);
      expect(new Set(outage.map(({ fault }) => fault.kind)).size).toBe(5);
      const [first, ...others] = outage;
      for (const [place, { atMs }] of others.entries()) {
        expect(atMs).toBe((first?.atMs ?? 0) + (place + 1) * (OUTAGE_MS / 5));
      }
      const [short = []] = plan(seed, 2);
      expect(short.some(({ durationMs }) => durationMs === OUTAGE_MS / 5)).toBe(false);
    }
  });

  test('leaves Redis alone where there is none', () => {
    for (const seed of seeds) {
      expect([...kindsOf(seed, 5, 'postgres')].filter((kind) => kind.startsWith('Redis'))).toEqual([]);
    }
  });
});
