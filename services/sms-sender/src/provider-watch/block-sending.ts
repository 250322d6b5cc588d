import { blockProvider } from '@tollgate/shared/messages/provider-status.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { LONGEST_WAIT_MS, nextCheckAt } from './check-schedule.ts';

export type BlockDeps = { logger: Logger };

/** Stops sending by a provider because of its account; the alarm is raised once per block. */
export async function blockSending(
  db: Db,
  { logger }: BlockDeps,
  { provider, reason }: { provider: string; reason: string },
  now: Date,
): Promise<void> {
  const isNew = await blockProvider(db, {
    provider,
    reason,
    at: now,
    nextCheckAt: nextCheckAt(0, now),
    relapse: { withinMs: LONGEST_WAIT_MS, nextCheckAt: new Date(now.getTime() + LONGEST_WAIT_MS) },
  });
  if (isNew) logger.error({ provider, reason }, 'provider blocked: sending waits for its account');
}
