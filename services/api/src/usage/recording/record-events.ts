import { rollUpUsage } from '@tollgate/shared/queues/catalog.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { readMeters } from '@tollgate/shared/usage/meters.ts';
import { openItems, prepareUsage, settle, type UsageItem } from './prepare-usage.ts';
import { recordCorrections } from './record-corrections.ts';
import { recordOriginals } from './record-originals.ts';
import type { UsageAnswer } from './usage-request.ts';

export type RecordEventsDeps = TransactionDeps & { clock: Clock };

/**
 * Records what a caller used, each event once per meter and key, at the price of the moment at which it
 * was used. One that cannot be recorded is refused by itself. A test key's events are checked only.
 */
export async function recordEvents(
  deps: RecordEventsDeps,
  caller: Caller,
  events: readonly unknown[],
): Promise<UsageAnswer> {
  const now = deps.clock.now();
  const meters = await readMeters(deps.prisma);
  if (caller.mode === 'test') {
    const checked = prepareUsage(events, meters, now);
    for (const item of openItems(checked)) settle(item, 'checked', null);
    return describeItems(checked);
  }
  return inTransaction(deps, async (tx) => {
    // A transaction that is run again starts from the request, not from what it made of it.
    const items = prepareUsage(events, meters, now);
    const context = { caller, meters, now };
    const originals = openItems(items).filter(({ wish }) => wish.corrects === undefined);
    await recordOriginals(tx.db, originals, context);
    await recordCorrections(tx.db, openItems(items), context);
    const answer = describeItems(items);
    const { tenantId } = caller;
    if (answer.recorded > 0) tx.enqueue(rollUpUsage, { tenantId }, { deduplicationId: tenantId });
    return answer;
  });
}

function describeItems(items: readonly UsageItem[]): UsageAnswer {
  const results = items.map(({ index, result }) => {
    if (!result) throw new TypeError(`event ${index} got no result`);
    return result;
  });
  const count = (state: string) => results.filter((result) => result.state === state).length;
  return {
    recorded: count('recorded'),
    repeated: count('repeated'),
    refused: count('refused'),
    events: results,
  };
}
