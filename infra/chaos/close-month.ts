import { setTimeout as delay } from 'node:timers/promises';
import type { OpenVictim } from './open-victim.ts';

const POLL_MS = 500;
const POLLS_PER_REQUEST = 10;

/** Closes the open month of every tenant, asking again while the api or the database is away. Throws when aborted. */
export async function closeMonth(
  { system, database }: Pick<OpenVictim, 'system' | 'database'>,
  signal: AbortSignal,
): Promise<void> {
  const { billingPeriod } = database.prisma;
  const open = { closedAt: null };
  const { endsAt } = await untilAnswered(signal, () =>
    billingPeriod.findFirstOrThrow({ where: open, orderBy: { endsAt: 'desc' } }),
  );
  const countDue = () =>
    untilAnswered(signal, () => billingPeriod.count({ where: { ...open, endsAt: { lte: endsAt } } }));
  for (let poll = 0; (await countDue()) > 0; poll += 1) {
    // Asked again as of the same instant, so that what was closed meanwhile is not closed once more.
    if (poll % POLLS_PER_REQUEST === 0) await system.closePeriods(endsAt).catch(() => undefined);
    await delay(POLL_MS, undefined, { signal });
  }
}

async function untilAnswered<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch {
      await delay(POLL_MS, undefined, { signal });
    }
  }
}
