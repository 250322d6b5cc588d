import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { insertNewUsage, unattributed } from '@tollgate/shared/usage/insert-new-usage.ts';
import { listMeterPrices } from '@tollgate/shared/usage/list-meter-prices.ts';
import { REQUEST_METER } from '@tollgate/shared/usage/meters.ts';
import { priceUsage } from '@tollgate/shared/usage/price-usage.ts';

export type RequestCounter = {
  /** Counts a request of an API key, in memory. */
  count(caller: Caller): void;
  /** Writes what was counted. Throws where it cannot: the same is written by the next flush, once. */
  flush(): Promise<void>;
};

type Count = Pick<Caller, 'tenantId' | 'planId' | 'currency'> & { occurredAt: Date; quantity: bigint };
type Batch = (Count & { id: string; sourceId: string })[];

/** No zone's day begins within such a span: what is counted together is of one local day. */
const SPAN_MS = 15 * MINUTE_MS;

/**
 * Counts the requests of API keys as usage: one event per tenant and flush, and none for test keys. What
 * is being written stays as it is, under the source it has, until it is known to be written: a flush
 * whose end is unknown is not counted twice. What a process that is killed has not written is lost.
 */
export function createRequestCounter({
  prisma,
  clock,
}: {
  prisma: PrismaClient;
  clock: Clock;
}): RequestCounter {
  const processId = newId();
  let sequence = 0;
  let counts = new Map<string, Count>();
  let unwritten: Batch = [];

  return {
    count({ tenantId, planId, currency, mode }) {
      if (mode === 'test') return;
      const occurredAt = clock.now();
      const key = `${tenantId} ${Math.floor(occurredAt.getTime() / SPAN_MS)}`;
      const count = counts.get(key);
      if (count) count.quantity += 1n;
      else counts.set(key, { tenantId, planId, currency, occurredAt, quantity: 1n });
    },
    async flush() {
      if (unwritten.length === 0) {
        unwritten = [...counts.values()].map((count) => {
          sequence += 1;
          return { ...count, id: newId(), sourceId: `${processId} ${sequence}` };
        });
        counts = new Map();
      }
      if (unwritten.length === 0) return;
      await write(prisma, unwritten, clock.now());
      unwritten = [];
    },
  };
}

async function write(prisma: PrismaClient, batch: Batch, now: Date): Promise<void> {
  const times = batch.map(({ occurredAt }) => occurredAt.getTime());
  const prices = await listMeterPrices(prisma, {
    meters: [REQUEST_METER],
    tenantIds: [...new Set(batch.map(({ tenantId }) => tenantId))],
    from: new Date(Math.min(...times)),
    to: new Date(Math.max(...times)),
  });
  const meter = { id: REQUEST_METER, aggregation: 'sum' as const };
  const events = batch.map(({ planId, ...count }) => {
    const usage = { ...count, dayStartsAt: count.occurredAt };
    const price = priceUsage(prices, meter, { ...count, planId }, usage);
    return { ...unattributed, ...count, ...price, meter: REQUEST_METER, country: '', campaign: null };
  });
  await insertNewUsage(prisma, events, now);
}
