import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { findViolations } from './checks/find-violations.ts';
import { createClient } from './client.ts';
import { createFaultCounts } from './fault-counts.ts';
import { createLossyQueue } from './lossy-queue.ts';
import { seedMachine, setMachineTime } from './machine.ts';
import { createMischief } from './mischief.ts';
import { createOutside, type Simulators } from './outside.ts';
import { planRun } from './plan-run.ts';
import { createPostOffice } from './post-office.ts';
import { prepareTenants } from './prepare-tenants.ts';
import { startProcesses } from './processes.ts';
import { createRandom } from './random.ts';
import { createStage } from './stage.ts';
import { createStepLog } from './step-log.ts';
import { comeToRest } from './weather/calm.ts';
import { rage } from './weather/storm.ts';
import type { World } from './weather/world.ts';

export type RunResult = {
  seed: number;
  /** What must never be; empty when all is well. */
  violations: string[];
  counts: Record<string, number>;
  steps: readonly string[];
};

export type Laboratory = {
  prisma: PrismaClient;
  simulators: Simulators;
  /** What every clock of the run shows. */
  time: { ms: number };
  /** Empties every table but the plans and prices that the migrations bring. */
  emptyDatabase(): Promise<void>;
};

/** One run from its seed: storm, calm, and what is wrong afterwards. The same seed gives the same run. */
export async function runSeed(laboratory: Laboratory, seed: number): Promise<RunResult> {
  const { prisma, simulators, time } = laboratory;
  const plan = planRun(createRandom(seed, 'plan'));
  const startsAtMs = plan.startsAt.getTime();
  time.ms = startsAtMs;
  seedMachine(seed, startsAtMs);
  // The last id of the run before would decide where the first id of this one starts.
  newId({ now: () => new Date(0) });
  await laboratory.emptyDatabase();
  simulators.reset();

  const random = createRandom(seed, 'run');
  const counts = createFaultCounts();
  const nowMs = () => time.ms;
  const now = () => new Date(time.ms);
  const log = createStepLog({ nowMs, startsAtMs });
  const stage = createStage();
  let isCalm = false;
  const unlessCalm = (rate: number) => () => (isCalm ? 0 : rate);
  const { trouble } = plan;
  const queue = createLossyQueue({ random, nowMs, counts, trouble: unlessCalm(trouble.queue) });
  const post = createPostOffice({ random, nowMs, counts, trouble: unlessCalm(trouble.post) });
  const mischief = createMischief({ random, simulators, counts, nowMs, rates: trouble });
  const outside = createOutside(simulators, mischief);
  const tenants = await prepareTenants({ prisma, stripe: simulators.client, now: now() }, plan.tenants);
  const { skewsMs } = plan;
  const processes = startProcesses({ prisma, stage, queue, outside, random, counts, log, nowMs, skewsMs });
  const client = createClient({ plans: plan.requests, tenants, processes, log, now });
  const world: World = {
    random,
    plan,
    tenants,
    prisma,
    simulators,
    stage,
    queue,
    post,
    mischief,
    processes,
    client,
    counts,
    log,
    now,
    lastStripeEvent: simulators.stripe.objects.events().at(-1)?.id,
    advance(ms) {
      time.ms += ms;
      setMachineTime(time.ms);
    },
  };
  try {
    await rage(world);
    isCalm = true;
    mischief.calm();
    const unrest = await comeToRest(world);
    const violations = [
      ...unrest,
      ...processes.surprises(),
      ...client.surprises(),
      ...(await findViolations(world)),
    ];
    return { seed, violations, counts: counts.all(), steps: log.lines() };
  } finally {
    await processes.stop();
  }
}
