import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { type DueEntry, settleEntries, takeDueEntries } from '@tollgate/shared/opt-outs/block-list.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { Providers } from '../providers/sms-provider.ts';

export type TellProvidersDeps = { prisma: PrismaClient; clock: Clock; logger: Logger; providers: Providers };

/** What one call names. */
const ENTRIES_PER_TURN = 100;

/**
 * Has the providers' own black lists follow ours. Entries are taken first and called for outside of any
 * transaction: who dies between leaves them due, and telling twice changes nothing. Returns whether
 * there may be more.
 */
export async function tellProviders(deps: TellProvidersDeps): Promise<boolean> {
  const { prisma, clock, logger, providers } = deps;
  const due = await takeDueEntries(prisma, clock.now(), ENTRIES_PER_TURN);
  for (const [list, entries] of Map.groupBy(due, ({ provider, wish }) => `${provider} ${wish}`)) {
    const error = await tell(providers, entries);
    await settleEntries(prisma, entries, { at: clock.now(), error });
    if (error !== null) logger.warn({ list, error }, 'a black list was not told; it will be again');
  }
  return due.length === ENTRIES_PER_TURN;
}

/** Entries of one provider and wish, told together; null once it took them. */
async function tell(providers: Providers, entries: readonly DueEntry[]): Promise<string | null> {
  const [first] = entries;
  if (!first) return null;
  const provider = providers.get(first.provider);
  if (!provider?.tellBlockList) return 'the provider is not configured here';
  const recipients = entries.map(({ recipient }) => recipient);
  return provider.tellBlockList(first.wish, recipients);
}
