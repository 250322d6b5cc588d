import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import {
  buyCredit,
  deliverLetters,
  moveOutside,
  openGate,
  renewSubscription,
  sendRequests,
  startJobs,
} from './actions.ts';
import type { World } from './world.ts';

/** Two storms: one over the messages, and one over the bills that a month's end makes of them. */
export async function rage(world: World): Promise<void> {
  const { plan, queue, log } = world;
  await rageFor(world, plan.actions);
  await passMonthEnd(world);
  log.add('periods have ended');
  // As the schedules do, which tick for whoever listens.
  queue.add(closePeriods, { trigger: 'monthly' });
  queue.add(closePeriods, { trigger: 'catch-up' });
  await rageFor(world, plan.billingActions);
}

async function passMonthEnd({ prisma, now, advance }: World): Promise<void> {
  const { _max } = await prisma.billingPeriod.aggregate({
    _max: { endsAt: true },
    where: { closedAt: null },
  });
  const leftMs = (_max.endsAt?.getTime() ?? 0) - now().getTime();
  if (leftMs > 0 && leftMs < LONGEST_WAIT_MS) advance(leftMs + MINUTE_MS);
}

/** A month that was closed in the first storm already has its end far away. */
const LONGEST_WAIT_MS = 5 * DAY_MS;

/** Actions of the seed's choice, one after another, while everything that can go wrong does. */
async function rageFor(world: World, actions: number): Promise<void> {
  const { plan, random, stage, queue, post, client, processes, mischief, counts, log } = world;
  for (let action = 1; action <= actions; action += 1) {
    world.advance(random.int(1, 20));
    const isIdle = stage.gates().length === 0 && queue.due().length === 0 && post.due().length === 0;
    const perform = random.weighted<() => unknown>([
      [stage.gates().length > 0 ? 12 : 0, () => openGate(world, plan.trouble.crash)],
      [client.unanswered().length > 0 ? 2 : 0, () => sendRequests(world, random.int(1, 4))],
      [queue.due().length > 0 ? 5 : 0, () => startJobs(world)],
      [post.due().length > 0 ? 3 : 0, () => deliverLetters(world)],
      [1, () => sweep(world)],
      [1.5, () => moveOutside(world)],
      [isIdle ? 5 : 0.8, () => passTime(world)],
      [0.8, () => mischief.changeMood()],
      [0.1, () => renewSubscription(world)],
      [0.15, () => buyCredit(world, `top-up at ${world.now().toISOString()}`)],
      [
        plan.trouble.crash > 0 ? 0.1 : 0,
        () => {
          const name = random.pick(processes.names());
          log.add(`${name} dies`);
          processes.crash(name);
        },
      ],
      [
        plan.trouble.queue > 0 ? 0.1 : 0,
        () => {
          log.add('the queue is emptied');
          counts.add('queue emptied');
          queue.empty();
        },
      ],
    ]);
    await perform();
  }
}

async function sweep({ processes, random, stage }: World): Promise<void> {
  const due = processes.sweeps().filter((sweep) => sweep.due());
  if (due.length > 0) void random.pick(due).start();
  return stage.settle();
}

/** Mostly seconds, sometimes so long that processes that stand at a gate have lost their leases. */
function passTime({ random, advance, log, counts }: World): void {
  const ms = random.weighted([
    [60, random.int(100, 5 * SECOND_MS)],
    [25, random.int(5 * SECOND_MS, 90 * SECOND_MS)],
    [10, random.int(2 * MINUTE_MS, 20 * MINUTE_MS)],
    [3, random.int(HOUR_MS, 8 * HOUR_MS)],
    [1, DAY_MS + random.int(0, HOUR_MS)],
  ]);
  if (ms >= 2 * MINUTE_MS) counts.add(`clock jumps by ${ms >= HOUR_MS ? 'hours' : 'minutes'}`);
  advance(ms);
  log.add(`time passes: ${ms} ms`);
}
