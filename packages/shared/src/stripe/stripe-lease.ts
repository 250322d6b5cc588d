import { setTimeout } from 'node:timers/promises';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import type { Clock } from '../time/clock.ts';
import { SECOND_MS } from '../time/durations.ts';

/** For so long a dead process blocks its customer: more than the clocks of two processes may differ. */
export const LEASE_MS = 20 * SECOND_MS;
const RENEW_MS = 5 * SECOND_MS;
const POLL_MS = 50;

/** Somebody else writes for the same customer: the job comes again, and the sweeper is behind it. */
export class StripeBusyError extends Error {
  override name = 'StripeBusyError';
}

export type StripeLease = {
  /** Makes sure before a call that nobody has taken over; throws StripeBusyError where somebody has. */
  extend(): Promise<void>;
};

export type StripeLeaseDeps = {
  prisma: PrismaClient;
  clock: Clock;
  /** Waits by these milliseconds of real time; a simulation waits by its own. */
  pause?: (ms: number) => Promise<unknown>;
  /** Renews while the work lasts, until the function that it returns is called; in a simulation never. */
  keepAlive?: (renew: () => Promise<unknown>) => () => void;
};

/**
 * Runs work as the only one that holds the key, in any process, without keeping a transaction or a
 * connection over calls to Stripe. Waits a little for others; throws StripeBusyError after that.
 */
export async function withStripeLease<Result>(
  { prisma, clock, pause = setTimeout, keepAlive = renewByTimer }: StripeLeaseDeps,
  key: string,
  work: (lease: StripeLease) => Promise<Result>,
  { waitMsMax = 2 * SECOND_MS }: { waitMsMax?: number } = {},
): Promise<Result> {
  const holder = newId();
  for (let waitedMs = 0; !(await take(prisma, key, holder, clock.now())); waitedMs += POLL_MS) {
    if (waitedMs >= waitMsMax) throw new StripeBusyError(`${key} is being worked on`);
    await pause(POLL_MS);
  }
  const renew = () => prolong(prisma, key, holder, clock.now());
  const stopRenewing = keepAlive(renew);
  try {
    return await work({
      async extend() {
        if (!(await renew())) throw new StripeBusyError(`${key} was taken over`);
      },
    });
  } finally {
    stopRenewing();
    await prisma.stripeLease.deleteMany({ where: { key, holder } });
  }
}

/** A renewal that fails is made up for by the next, or noticed before the next call. */
function renewByTimer(renew: () => Promise<unknown>): () => void {
  const timer = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
  return () => clearInterval(timer);
}

async function take(prisma: PrismaClient, key: string, holder: string, now: Date): Promise<boolean> {
  const rows = await prisma.$queryRaw<unknown[]>`
    INSERT INTO stripe_leases AS l (key, holder, held_until)
    VALUES (${key}, ${holder}::uuid, ${new Date(now.getTime() + LEASE_MS)})
    ON CONFLICT (key) DO UPDATE SET holder = EXCLUDED.holder, held_until = EXCLUDED.held_until
      WHERE l.held_until <= ${now}
    RETURNING key`;
  return rows.length > 0;
}

async function prolong(prisma: PrismaClient, key: string, holder: string, now: Date): Promise<boolean> {
  const count = await prisma.$executeRaw`
    UPDATE stripe_leases SET held_until = ${new Date(now.getTime() + LEASE_MS)}
    WHERE key = ${key} AND holder = ${holder}::uuid AND held_until > ${now}`;
  return count > 0;
}
