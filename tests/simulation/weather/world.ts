import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Client } from '../client.ts';
import type { FaultCounts } from '../fault-counts.ts';
import type { LossyQueue } from '../lossy-queue.ts';
import type { Mischief } from '../mischief.ts';
import type { Simulators } from '../outside.ts';
import type { RunPlan } from '../plan-run.ts';
import type { PostOffice } from '../post-office.ts';
import type { SimulatedTenant } from '../prepare-tenants.ts';
import type { Processes } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import type { StepLog } from '../step-log.ts';

/** Everything there is in one run. */
export type World = {
  random: Random;
  plan: RunPlan;
  tenants: readonly SimulatedTenant[];
  prisma: PrismaClient;
  simulators: Simulators;
  stage: Stage;
  queue: LossyQueue;
  post: PostOffice;
  mischief: Mischief;
  processes: Processes;
  client: Client;
  counts: FaultCounts;
  log: StepLog;
  now(): Date;
  advance(ms: number): void;
  /** The last of Stripe's events that was handed to the post. */
  lastStripeEvent: string | undefined;
};
