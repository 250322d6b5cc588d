import { HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { describeAttempt } from '../checks/describe-attempt.ts';
import { CLOCK_SKEW_MS } from '../mischief.ts';
import { deliverLetters, moveOutside, openGate, sendRequests, startJobs } from './actions.ts';
import type { World } from './world.ts';

/** A run that has not come to rest by then never will. */
const ROUNDS_MAX = 120;
const FIRST_LEAP_MS = 5 * SECOND_MS;
const LONGEST_LEAP_MS = 12 * HOUR_MS;

/**
 * Nothing goes wrong any more: time goes on, in ever longer leaps, until nothing waits for anything,
 * every period of the run has ended, and Stripe has collected. Returns what did not come to rest.
 */
export async function comeToRest(world: World): Promise<string[]> {
  const { simulators, tenants, log } = world;
  log.add('the weather clears');
  await restUntil(world, await lastPeriodEnd(world));
  for (const { subscription } of tenants) {
    if (subscription !== null) simulators.stripe.renewSubscription(subscription);
  }
  for (const { id, status } of simulators.stripe.objects.invoices()) {
    if (status === 'open') simulators.stripe.payInvoice(id);
  }
  log.add('Stripe renews every subscription');
  await restUntil(world, world.now());
  return await describeUnrest(world);
}

async function restUntil(world: World, endsAt: Date): Promise<void> {
  let leapMs = FIRST_LEAP_MS;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await workOff(world);
    const { wakeAt, isOpen } = await readPending(world);
    if (!isOpen && world.now() >= endsAt) return;
    const nextMs = Math.min(
      wakeAt?.getTime() ?? Number.POSITIVE_INFINITY,
      world.queue.nextDueAtMs(),
      world.post.nextDueAtMs(),
      world.now() >= endsAt ? Number.POSITIVE_INFINITY : endsAt.getTime(),
    );
    const waitMs = Number.isFinite(nextMs) ? nextMs - world.now().getTime() + CLOCK_SKEW_MS : 0;
    world.advance(Math.max(waitMs, leapMs));
    world.log.add('time leaps');
    leapMs = Math.min(leapMs * 3, LONGEST_LEAP_MS);
  }
}

/** Does everything that can be done at this time; the sweeps once, when nothing else is left: they wake what no job does. */
async function workOff(world: World): Promise<void> {
  const { stage, queue, post, client } = world;
  let hasSwept = false;
  for (;;) {
    world.advance(1);
    if (stage.gates().length > 0) await openGate(world, 0);
    else if (queue.due().length > 0) await startJobs(world);
    else if (post.due().length > 0) await deliverLetters(world);
    else if (client.unanswered().length > 0) await sendRequests(world, 5);
    else {
      await moveOutside(world);
      if (post.due().length > 0) continue;
      if (hasSwept) return;
      hasSwept = true;
      await sweepWhatIsDue(world);
    }
  }
}

/** The sweeps that will find something, each by one of the processes that could. */
async function sweepWhatIsDue(world: World): Promise<void> {
  const { processes, random } = world;
  const { due } = await readPending(world);
  for (const [name, twins] of Map.groupBy(processes.sweeps(), ({ name }) => name)) {
    if (due.has(name)) await finish(world, random.pick(twins).start());
  }
}

async function finish(world: World, sweep: Promise<number>): Promise<void> {
  let hasEnded = false;
  void sweep.then(() => {
    hasEnded = true;
  });
  await world.stage.settle();
  while (!hasEnded && world.stage.gates().length > 0) await openGate(world, 0);
}

type Pending = {
  /** When the next row wants to be looked at. */
  wakeAt: Date | null;
  /** The sweeps that would find something now. */
  due: ReadonlySet<string>;
  isOpen: boolean;
};

/** What still waits, in the database or on its way. */
async function readPending({ prisma, now, queue, post, stage, client }: World): Promise<Pending> {
  const rows = await prisma.$queryRaw<{ name: string; wakeAt: Date }[]>`
    SELECT name, "wakeAt" FROM (
      SELECT 'messages' AS name, min(wake_at) AS "wakeAt" FROM messages
      UNION ALL SELECT 'inbox', min(wake_at) FROM inbox_events WHERE source = 'sms-manager'
      UNION ALL SELECT 'stripe-events', min(wake_at) FROM inbox_events WHERE source = 'stripe'
      UNION ALL SELECT 'invoices', min(wake_at) FROM invoices
      UNION ALL SELECT 'notifications', min(wake_at) FROM notifications
      UNION ALL SELECT 'usage', min(recorded_at) FROM usage_events WHERE rollup_id IS NULL
      UNION ALL SELECT 'periods', min(ends_at) FROM billing_periods WHERE closed_at IS NULL AND ends_at <= ${now()}
      UNION ALL SELECT 'provider', min(blocked_until) FROM provider_status WHERE blocked_at IS NOT NULL) waiting
    WHERE "wakeAt" IS NOT NULL ORDER BY "wakeAt"`;
  const dueBy = now().getTime() + CLOCK_SKEW_MS;
  const isWaiting =
    Number.isFinite(queue.nextDueAtMs()) ||
    Number.isFinite(post.nextDueAtMs()) ||
    stage.gates().length > 0 ||
    client.unanswered().length > 0;
  return {
    wakeAt: rows[0]?.wakeAt ?? null,
    due: new Set(rows.filter(({ wakeAt }) => wakeAt.getTime() <= dueBy).map(({ name }) => name)),
    isOpen: isWaiting || rows.length > 0,
  };
}

async function lastPeriodEnd({ prisma }: World): Promise<Date> {
  const { _max } = await prisma.billingPeriod.aggregate({
    _max: { endsAt: true },
    where: { closedAt: null },
  });
  return new Date((_max.endsAt?.getTime() ?? 0) + HOUR_MS);
}

async function describeUnrest(world: World): Promise<string[]> {
  const { wakeAt, isOpen } = await readPending(world);
  if (!isOpen) return [];
  const { prisma, stage, queue, post } = world;
  const messages = await prisma.message.findMany({
    where: { NOT: { wakeAt: null } },
    include: { attempts: { include: { reports: true }, orderBy: { number: 'asc' } } },
  });
  const inbox = await prisma.inboxEvent.findMany({ where: { NOT: { wakeAt: null } } });
  return [
    `did not come to rest: next wake-up ${wakeAt?.toISOString()}, ${stage.gates().length} gates, ${queue.due().length} jobs, ${post.due().length} webhooks`,
    ...messages.map(
      ({ id, state, holdReason, attempts }) =>
        `message ${id} waits in state ${state}, held for ${holdReason}: ${attempts.map(describeAttempt).join(', ')}`,
    ),
    ...inbox.map(({ id, source }) => `event ${id} of ${source} waits`),
  ];
}
