import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { describeFailure } from '@tollgate/shared/runtime/failure.ts';
import { StripeBusyError } from '@tollgate/shared/stripe/stripe-lease.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import Stripe from 'stripe';
import type { FaultCounts } from './fault-counts.ts';
import { createHost } from './host.ts';
import type { LossyQueue, WaitingJob } from './lossy-queue.ts';
import type { Outside } from './outside.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import type { StepLog } from './step-log.ts';
import { type Api, type Service, type ServiceName, startApi, startService } from './wire-services.ts';

const PROCESSES_PER_SERVICE = 2;
const workers: readonly ServiceName[] = ['sms-sender', 'usage-aggregator', 'invoicer', 'notifier'];

/** A process between its start and its death. What it knows and does not store dies with it. */
type Life = { number: number; name: string; api?: Api; service?: Service; onDeath: (() => void)[] };

type Place = { service: ServiceName | 'api'; name: string; skewMs: number; life: Life };

export type Processes = {
  /** Begins jobs of one queue together on one process, as its worker does. */
  startJobs(jobs: readonly WaitingJob[]): void;
  /** Every sweep of every process. */
  sweeps(): { name: string; due(): boolean; start(): Promise<number> }[];
  /** Asks the api; rejects when its process dies before it answers. */
  askApi<Answer>(ask: (api: Api) => Promise<Answer>): Promise<Answer>;
  /** Ends a process where it stands, and starts it again with an empty memory. */
  crash(name: string): void;
  names(): string[];
  /** What failed in a way that nothing explains. */
  surprises(): readonly string[];
  stop(): Promise<void>;
};

export class DiedError extends Error {
  override name = 'DiedError';
}

export type ProcessesOptions = {
  prisma: PrismaClient;
  stage: Stage;
  queue: LossyQueue;
  outside: Outside;
  random: Random;
  counts: FaultCounts;
  log: StepLog;
  nowMs: () => number;
  skewsMs: readonly number[];
};

/** Two processes of every service, and what may happen to them. */
export function startProcesses(options: ProcessesOptions): Processes {
  const { prisma, stage, queue, outside, random, counts, log, nowMs, skewsMs } = options;
  const surprises: string[] = [];
  const sweptAtMs = new Map<string, number>();
  const places: Place[] = ([...workers, 'api'] as const).flatMap((service, index) =>
    Array.from({ length: PROCESSES_PER_SERVICE }, (_, number): Place => {
      const place = {
        service,
        name: `${service} ${number + 1}`,
        skewMs: skewsMs[index * PROCESSES_PER_SERVICE + number] ?? 0,
      };
      return { ...place, life: begin(place, 1) };
    }),
  );

  function begin({ service, name, skewMs }: Omit<Place, 'life'>, number: number): Life {
    const life: Life = { number, name: number === 1 ? name : `${name} (life ${number})`, onDeath: [] };
    let isAlive = true;
    life.onDeath.push(() => {
      isAlive = false;
    });
    const clock = { now: () => new Date(nowMs() + skewMs) };
    const host = createHost({ name: life.name, clock, prisma, queue, stage, isAlive: () => isAlive });
    if (service === 'api') return Object.assign(life, { api: startApi(host) });
    return Object.assign(life, { service: startService[service](host, outside) });
  }

  /** Runs something in a process; nothing is heard of it any more once the process died. */
  function live<Result>(life: Life, work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      life.onDeath.push(() => reject(new DiedError(`${life.name} died`)));
      work().then(resolve, reject);
    });
  }

  function runJob(life: Life, job: WaitingJob): void {
    const handler = life.service?.jobs.get(job.queue.name);
    if (!handler) throw new Error(`nobody consumes ${job.queue.name}`);
    log.add(`${life.name} begins ${job.queue.name} ${JSON.stringify(job.data)}`);
    live(life, () => handler.run(job)).then(
      () => log.add(`${life.name} has done ${job.queue.name}`),
      (error: unknown) => {
        if (error instanceof DiedError) {
          // Its lock runs out, and another worker takes the job.
          queue.again(job, random.int(30 * SECOND_MS, 90 * SECOND_MS));
          return;
        }
        log.add(`${life.name} fails at ${job.queue.name}: ${describe(error)}`);
        if (!isExpected(error)) surprises.push(`${job.queue.name} failed: ${describe(error)}`);
        const tried = { ...job, attemptsMade: job.attemptsMade + 1 };
        if (tried.attemptsMade < job.queue.retry.attemptsMax) {
          queue.again(tried, job.queue.retry.firstDelayMs * 2 ** job.attemptsMade);
        } else {
          counts.add('job given up');
          handler.giveUp(tried, error);
        }
      },
    );
  }

  return {
    startJobs(jobs) {
      const name = jobs[0]?.queue.name;
      const able = places.filter(({ life }) => name !== undefined && life.service?.jobs.has(name));
      const { life } = random.pick(able);
      queue.take(jobs);
      for (const job of jobs) runJob(life, job);
    },
    sweeps: () =>
      places.flatMap(({ life }) =>
        (life.service?.sweeps ?? []).map(({ name, everyMs, sweeper }) => ({
          name,
          due: () => nowMs() - (sweptAtMs.get(`${life.name} ${name}`) ?? 0) >= everyMs,
          async start() {
            sweptAtMs.set(`${life.name} ${name}`, nowMs());
            log.add(`${life.name} sweeps ${name}`);
            try {
              return await live(life, sweeper.sweepNow);
            } catch (error) {
              if (!(error instanceof DiedError)) surprises.push(`sweep ${name} failed: ${describe(error)}`);
              return 0;
            }
          },
        })),
      ),
    askApi(ask) {
      const { life } = random.pick(places.filter(({ service }) => service === 'api'));
      const api = life.api as Api;
      return live(life, () => ask(api));
    },
    crash(name) {
      const place = places.find(({ life }) => life.name === name);
      if (!place) return;
      const { life } = place;
      counts.add(`crash of ${place.service}`);
      stage.remove(life.name);
      for (const die of life.onDeath) die();
      stopSweepers(life);
      place.life = begin(place, life.number + 1);
    },
    names: () => places.map(({ life }) => life.name),
    surprises: () => surprises,
    async stop() {
      for (const { life } of places) {
        for (const die of life.onDeath) die();
        stage.remove(life.name);
        stopSweepers(life);
      }
    },
  };
}

function stopSweepers({ service }: Life): void {
  for (const { sweeper } of service?.sweeps ?? []) void sweeper.stop();
}

function describe(error: unknown): string {
  const { failureClass, detail } = describeFailure(error);
  return `${failureClass}: ${detail.replace(/\s+/g, ' ').slice(0, 300)}`;
}

/** Stripe's refusals end a job, which comes again; so do what a dead process still holds, and losing the race for a push's next key. */
function isExpected(error: unknown): boolean {
  if (error instanceof Stripe.errors.StripeError) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof StripeBusyError || error.name === 'StripeUnavailableError') return true;
  return /was renewed by another worker$/.test(error.message);
}
