import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Producer } from '@tollgate/shared/runtime/producer.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { LossyQueue } from './lossy-queue.ts';
import { PAUSE, type Stage } from './stage.ts';

/** What a simulated process is given by the machine it runs on. Everything it does outside itself stops at gates. */
export type Host = {
  name: string;
  clock: Clock;
  prisma: PrismaClient;
  producer: Producer;
  /** Waits for others at a gate, however long. */
  pause(): Promise<void>;
  /** Runs an outside call between two gates; `prepare` decides what goes wrong with it. */
  call<Result>(name: string, work: () => PromiseLike<Result>, prepare?: () => void): Promise<Result>;
};

export type HostOptions = {
  name: string;
  clock: Clock;
  prisma: PrismaClient;
  queue: LossyQueue;
  stage: Stage;
  isAlive: () => boolean;
};

/** A process's view of the world. Once it is dead nothing of it passes a gate any more. */
export function createHost({ name, clock, prisma, queue, stage, isAlive }: HostOptions): Host {
  const pass = (at: string) => (isAlive() ? stage.wait(name, at) : new Promise<never>(() => undefined));

  async function call<Result>(what: string, work: () => PromiseLike<Result>, prepare = () => {}) {
    await pass(`before ${what}`);
    prepare();
    try {
      return await stage.during(work);
    } finally {
      await pass(`after ${what}`);
    }
  }

  return {
    name,
    clock,
    call,
    pause: () => pass(PAUSE),
    prisma: gatePrisma(prisma, call),
    producer: {
      async enqueue(definition, payload, options) {
        await pass(`before enqueue ${definition.name}`);
        queue.add(definition, payload, options);
      },
    },
  };
}

type Method = (...values: unknown[]) => PromiseLike<unknown>;

/** A transaction runs from its gate to its end without a stop; a single statement is one of its own. */
function gatePrisma(prisma: PrismaClient, call: Host['call']): PrismaClient {
  const gateMethods = (target: object, label: string): object =>
    new Proxy(target, {
      get(own, key) {
        const value: unknown = Reflect.get(own, key);
        if (typeof key !== 'string' || value === null) return value;
        if (typeof value === 'object') return gateMethods(value, `${label}${key}.`);
        if (typeof value !== 'function') return value;
        const method = (value as Method).bind(own);
        const what = key === '$transaction' ? 'transaction' : `${label}${key.replace('$', '')}`;
        return (...values: unknown[]) => call(what, () => method(...values));
      },
    });
  return gateMethods(prisma, '') as PrismaClient;
}
