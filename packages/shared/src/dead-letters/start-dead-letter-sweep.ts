import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Clock } from '../time/clock.ts';
import { MINUTE_MS } from '../time/durations.ts';
import { expireDeadLetters } from './expire-dead-letters.ts';
import { createMirror, type MirrorDeps, mirrorDeadLetters } from './mirror.ts';

export type DeadLetterSweepDeps = MirrorDeps & { prisma: PrismaClient; clock: Clock };

const EVERY_MS = MINUTE_MS;

/**
 * Looks after the letters once a minute: ends those whose messages are over, and brings the board to
 * what PostgreSQL says. It asks the queue server, so it is no sweep within a transaction; several
 * processes doing it at once do no harm.
 */
export function startDeadLetterSweep(deps: DeadLetterSweepDeps): {
  sweepNow(): Promise<void>;
  /** Resolves when a running sweep has ended and no other will start. */
  stop(): Promise<void>;
} {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function tick(): Promise<void> {
    try {
      await sweepDeadLetters(deps);
    } catch (error) {
      deps.logger.warn({ err: error }, 'dead letters not looked after; trying again at the next turn');
    }
    schedule();
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = tick();
    }, EVERY_MS);
  }

  schedule();
  return {
    sweepNow: () => sweepDeadLetters(deps),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function sweepDeadLetters({ prisma, clock, connection, logger }: DeadLetterSweepDeps): Promise<void> {
  const expired = await prisma.$transaction((db) => expireDeadLetters(db, clock.now()));
  await createMirror({ connection, logger }).remove(expired);
  const changed = await mirrorDeadLetters({ prisma, connection });
  if (expired.length + changed.added + changed.removed > 0) {
    logger.info({ expired: expired.length, ...changed }, 'dead letters looked after');
  }
}
