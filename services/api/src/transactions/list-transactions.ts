import { type AccountRef, readAccount } from '@tollgate/shared/credit/accounts.ts';
import type { EntryKind } from '@tollgate/shared/credit/ledger.ts';
import type { LedgerEntry, Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { invalidRequest } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import { readTimeRange, timeRangeParameters } from '../time-range/time-range.ts';
import { fromPublicReference, toPublicReference } from './reference.ts';
import { entryTypes, type PricedMessage, TransactionView, viewTransaction } from './transaction-view.ts';

// The sequence has no gaps and entries are never edited: a walk meets each once, whatever is added meanwhile.
const cursor = defineCursor('transactions', z.object({ before: z.string().regex(/^\d{1,18}$/) }));

export const TransactionsQuery = z.strictObject({
  ...timeRangeParameters,
  type: z.enum(entryTypes).optional(),
  reference: storableText(200).optional().meta({
    description: 'The payment’s reference; an invoice’s id for its payment.',
  }),
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
  offset: wholeNumber({ min: 0, max: 1_000_000 }).optional().meta({
    description: 'Skips so many; unlike a cursor it shifts when entries arrive meanwhile.',
  }),
});

export type TransactionsQuery = z.infer<typeof TransactionsQuery>;

export const TransactionsView = z
  .object({
    transactions: z.array(TransactionView),
    total: z.number().int().nullable().meta({
      description: 'How many fit the filters; null on pages asked for by cursor.',
    }),
    ...pageEnd,
  })
  .meta({ id: 'Transactions' });

/** The account's ledger entries that fit the query, newest first. Throws a Problem for a query against itself. */
export async function listTransactions(
  db: Db,
  account: AccountRef,
  query: TransactionsQuery,
): Promise<z.infer<typeof TransactionsView>> {
  if (query.cursor && query.offset !== undefined) {
    throw invalidRequest([{ parameter: 'offset', detail: 'cannot be combined with cursor' }]);
  }
  const where = await filterOf(db, account, query);
  const entries = await db.ledgerEntry.findMany({
    where: query.cursor ? { ...where, sequence: { lt: BigInt(query.cursor.before) } } : where,
    orderBy: { sequence: 'desc' },
    skip: query.offset ?? 0,
    take: query.limit + 1,
  });
  const { page, continueAfter } = cutPage(entries, query.limit);
  const messages = await findMessages(db, page);
  return {
    transactions: page.map((entry) =>
      viewTransaction(
        entry,
        messages.get(entry.messageId),
        toPublicReference(entry.kind as EntryKind, entry.reference),
      ),
    ),
    total: query.cursor ? null : await countEntries(db, account, query, where),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && cursor.after({ before: continueAfter.sequence.toString() }),
  };
}

async function filterOf(
  db: Db,
  { tenantId, currency }: AccountRef,
  query: TransactionsQuery,
): Promise<Prisma.LedgerEntryWhereInput> {
  const { startsAt, endsAt } = readTimeRange(query, await readTimeZone(db, tenantId));
  return {
    tenantId,
    currency,
    occurredAt: { ...(startsAt && { gte: startsAt }), ...(endsAt && { lt: endsAt }) },
    ...(query.type === undefined ? {} : { kind: query.type }),
    ...(query.reference === undefined ? {} : { reference: fromPublicReference(query.reference) }),
  };
}

/** The account counts its entries; only a filtered list has to be counted here. */
async function countEntries(
  db: Db,
  account: AccountRef,
  { type, from, to, reference }: TransactionsQuery,
  where: Prisma.LedgerEntryWhereInput,
): Promise<number> {
  const isFiltered = [type, from, to, reference].some((filter) => filter !== undefined);
  if (isFiltered) return db.ledgerEntry.count({ where });
  return Number((await readAccount(db, account))?.entryCount ?? 0n);
}

async function findMessages(
  db: Db,
  entries: readonly LedgerEntry[],
): Promise<Map<string | null, PricedMessage>> {
  const ids = entries.flatMap(({ messageId }) => messageId ?? []);
  if (ids.length === 0) return new Map();
  const messages = await db.message.findMany({
    where: { id: { in: ids } },
    select: {
      id: true,
      segments: true,
      unitPriceMicros: true,
      pricedPer: true,
      campaign: true,
      metadata: true,
    },
  });
  return new Map(messages.map((message) => [message.id, message]));
}
