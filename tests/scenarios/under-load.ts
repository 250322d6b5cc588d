import { until } from '@tollgate/shared/testing/until.ts';
import { expect } from 'vitest';
import { createRandom } from '../../infra/chaos/random.ts';
import { drain } from '../../infra/chaos/system/drain.ts';
import { judgeMessages } from '../../infra/chaos/system/judge-messages.ts';
import { type Load, startLoad } from '../../infra/chaos/system/load.ts';
import { readMessages } from '../../infra/chaos/system/read-messages.ts';
import { openQueues, promoteDelayed, readQueues } from '../../infra/chaos/system/read-queues.ts';
import { findDiscrepancies } from './books.ts';
import type { System } from './system.ts';

const WITHIN = { withinMs: 30_000 };
/** Every service that runs twice. */
export const workers = ['sms-sender', 'usage-aggregator', 'invoicer', 'notifier'] as const;

/** One api and two of every worker. */
export async function startEverything<Running extends System>(running: Running): Promise<Running> {
  await Promise.all(['api' as const, ...workers, ...workers].map((name) => running.start(name)));
  return running;
}

/** Requests of three tenants that keep coming; resolves when the first thirty are delivered. */
export async function startLoadOn(running: System, options: { codeValidityMs: number }): Promise<Load> {
  const tenants = [
    await running.tenantWithKey(),
    await running.tenantWithKey({ balanceMicros: 2_000_000_000n }),
    await running.billedTenant(),
  ];
  const load = startLoad(running, {
    applications: tenants.map(({ tenant, key }) => ({ tenantId: tenant.id, key })),
    perSecond: 20,
    random: createRandom(1),
    ...options,
  });
  await until('the first are delivered', async () => (await delivered(running)) >= 30, WITHIN);
  return load;
}

/** How many messages are delivered at this moment. */
export function delivered({ prisma }: System): Promise<number> {
  return prisma.message.count({ where: { state: 'delivered' } });
}

/** Resolves when the applications have got so many more answers. */
export async function moreAccepted({ accepted }: Load, count: number): Promise<void> {
  const goal = accepted.length + count;
  await until(`${count} more are accepted`, () => accepted.length >= goal, WITHIN);
}

/**
 * Ends the load and waits for the end of everything: nothing lost, nothing doubled, every charge once, no backlog,
 * nothing in the queues, and the books in order. `mayLeaveActiveJobs` where jobs lost their server in the middle of
 * their work: their locks end a minute later, when a worker finds that their rows have moved on.
 */
export async function expectNothingLost(
  running: System,
  load: Load,
  { mayLeaveActiveJobs = false }: { mayLeaveActiveJobs?: boolean } = {},
): Promise<void> {
  await load.stop();
  expect([...load.mistakes]).toEqual([]);
  if (mayLeaveActiveJobs && 'endLocks' in running.queue) await running.queue.endLocks();
  // Longer than the minute between two sweeps of usage, which are behind every wake-up.
  await drain(running.prisma, { withinMs: 100_000 });
  expect(
    judgeMessages({
      accepted: load.accepted,
      stored: await readMessages(running.prisma),
      received: running.simulator.received().map(({ body }) => body),
    }),
  ).toEqual([]);
  await expectEmptyQueues(running, mayLeaveActiveJobs);
  expect(await findDiscrepancies(running.prisma)).toEqual([]);
}

async function expectEmptyQueues(running: System, mayLeaveActiveJobs: boolean): Promise<void> {
  const queues = await openQueues(running.queue.url);
  const states = ['waiting', 'delayed', 'prioritized'] as const;
  try {
    await promoteDelayed(queues);
    let left: string[] = [];
    await until(
      'the queues are empty',
      async () => {
        left = await readQueues(queues, mayLeaveActiveJobs ? states : [...states, 'active']);
        return left.length === 0;
      },
      WITHIN,
    ).catch((cause: unknown) => {
      throw new Error(`left in the queues: ${left.join(', ')}`, { cause });
    });
  } finally {
    await queues.close();
  }
}
