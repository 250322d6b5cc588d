import { listAccounts } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros, fitWithinCredit } from '@tollgate/shared/credit/fit-within-credit.ts';
import { withdrawAnswers } from '@tollgate/shared/idempotency/idempotency.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { shortfall } from '../messages/shortfall.ts';
import { Problem } from '../problems/problem.ts';
import { type Item, isOpen, refuseItem } from './item.ts';

/**
 * Refuses open items that the available credit does not reach: those behind the fitting prefix where
 * the caller allows a part, else the whole batch by throwing a Problem with the shortfall. Read without
 * a lock: the sender's reservation stays the rule. Refused items free their keys.
 */
export async function fundItems(
  db: Db,
  items: readonly Item[],
  { tenantId, currency, mode }: Caller,
  { partial }: { partial: boolean },
): Promise<void> {
  if (mode === 'test') return;
  const open = items.filter(isOpen);
  const needs = open.map(({ index, message: { id: messageId, priceMicros: amountMicros } }) => ({
    index,
    messageId,
    tenantId,
    currency,
    amountMicros,
  }));
  const accounts = await listAccounts(db, [tenantId]);
  const { lacking } = fitWithinCredit(accounts, needs);
  if (lacking.length === 0) return;
  if (!partial) {
    const account = accounts.find((candidate) => candidate.currency === currency);
    const total = needs.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
    throw shortfall(account ? availableMicros(account) : 0n, total, currency);
  }
  const lackingIds = new Set(lacking.map(({ messageId }) => messageId));
  const refused = open.filter(({ message }) => lackingIds.has(message.id));
  for (const item of refused as Item[]) item.result = refuseItem(outOfCredit, null);
  await withdrawAnswers(
    db,
    refused.flatMap(({ ref }) => ref ?? []),
  );
}

const outOfCredit = new Problem('insufficient_credit', 'the credit does not reach this far into the batch');
