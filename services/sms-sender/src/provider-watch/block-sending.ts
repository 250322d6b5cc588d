import { blockProvider } from '@tollgate/shared/messages/provider-status.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { nextCheckAt } from './check-schedule.ts';

export type BlockDeps = { providerName: string; logger: Logger };

/** Stops sending because of the provider's account; the alarm is raised once per block. */
export async function blockSending(
  db: Db,
  { providerName, logger }: BlockDeps,
  reason: string,
  now: Date,
): Promise<void> {
  const isNew = await blockProvider(db, {
    provider: providerName,
    reason,
    at: now,
    nextCheckAt: nextCheckAt(0, now),
  });
  if (isNew)
    logger.error({ provider: providerName, reason }, 'provider blocked: sending waits for its account');
}
