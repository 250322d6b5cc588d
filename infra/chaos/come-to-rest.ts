import { setTimeout as delay } from 'node:timers/promises';
import { closeMonth } from './close-month.ts';
import type { OpenVictim } from './open-victim.ts';
import { drain } from './system/drain.ts';
import { openQueues, promoteDelayed, readQueues } from './system/read-queues.ts';

const LIMIT_MS = 300_000;
// A job whose worker was killed is taken up again when its lock has ended and the next check has found it.
const QUEUES_MS = 150_000;
const POLL_MS = 500;

/**
 * Waits, after everything was healed and the load has ended, until all messages have ended; closes the month, lets
 * Stripe collect, and waits until every invoice is paid and the queues are empty. Throws, naming what is left.
 */
export async function comeToRest(
  victim: OpenVictim,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { system, database } = victim;
  const { prisma } = database;
  const settle = async () => {
    await Promise.all([system.simulator.flushReports(), system.stripe.flushWebhooks()]);
    await drain(prisma, { withinMs: LIMIT_MS, signal });
  };
  say('calm: everything outside works again, no new requests');
  await settle();
  say('every message has ended; closing the month');
  await closeMonth(victim, signal);
  await settle();
  say('billed; Stripe collects');
  system.renewSubscriptions();
  await settle();
  await untilPaid();
  say('paid; waiting for the queues to be empty');
  await untilQueuesAreEmpty(victim.queue.url, signal);

  async function untilPaid(): Promise<void> {
    const deadline = performance.now() + LIMIT_MS;
    const countUnpaid = () => prisma.invoice.count({ where: { document: 'stripe', state: { not: 'paid' } } });
    for (let unpaid = await countUnpaid(); unpaid > 0; unpaid = await countUnpaid()) {
      if (performance.now() > deadline) throw new Error(`${unpaid} invoices were never paid`);
      await delay(POLL_MS, undefined, { signal });
    }
  }
}

async function untilQueuesAreEmpty(url: string, signal: AbortSignal): Promise<void> {
  const queues = await openQueues(url);
  try {
    await promoteDelayed(queues);
    const deadline = performance.now() + QUEUES_MS;
    for (;;) {
      const left = await readQueues(queues, ['waiting', 'active', 'delayed', 'prioritized']);
      if (left.length === 0) return;
      if (performance.now() > deadline) throw new Error(`left in the queues: ${left.join(', ')}`);
      await delay(POLL_MS, undefined, { signal });
    }
  } finally {
    await queues.close();
  }
}
