import type { NewBatch, NewBatchItem } from '@tollgate/shared/batches/batch.ts';
import { hasPlaceholders } from '@tollgate/shared/batches/fill-placeholders.ts';
import { insertBatch, insertBatchItems } from '@tollgate/shared/batches/insert-batch.ts';
import {
  completeAnswer,
  findAnswers,
  holdKey,
  type IdempotencyRef,
} from '@tollgate/shared/idempotency/idempotency.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { countWaitingChunks } from '@tollgate/shared/messages/count-waiting-chunks.ts';
import { enqueueSends } from '@tollgate/shared/messages/enqueue-sends.ts';
import { insertMessages } from '@tollgate/shared/messages/insert-messages.ts';
import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import { listPrices } from '@tollgate/shared/pricing/list-prices.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type Transaction } from '@tollgate/shared/runtime/transaction.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { keyInProgress, keyRef, keyUsedForAnother } from '../idempotency/idempotency-key.ts';
import { checkSendingAllowed } from '../messages/check-sending-allowed.ts';
import { readText } from '../messages/read-text.ts';
import { readTimes } from '../messages/read-times.ts';
import type { SubmitDeps } from '../messages/submit-messages.ts';
import { cutPage } from '../pagination/page.ts';
import type { BatchEnvelope } from './batch-request.ts';
import { type AcceptedBatch, itemsCursor, summariseBatch, viewItem } from './batch-view.ts';
import { fundItems } from './fund-items.ts';
import { type Item, isOpen, toBatchItem } from './item.ts';
import { prepareItems } from './prepare-items.ts';
import { answerTwins, settleKeys } from './settle-keys.ts';

export type BatchSubmission = {
  caller: Caller;
  request: BatchEnvelope;
  idempotencyKey: string | null;
  traceParent: string | null;
};

export type BatchResult = { kind: 'accepted' | 'replayed'; answer: AcceptedBatch };

/** The page of results that comes with the answer. */
const ITEMS_ANSWERED = 100;

/**
 * Accepts a batch: every recipient quoted and judged for itself, then all of it stored in one
 * transaction of a few statements, then enqueued. Throws the Problem that concerns the whole.
 */
export async function submitBatch(deps: SubmitDeps, submission: BatchSubmission): Promise<BatchResult> {
  const { caller, request, idempotencyKey, traceParent } = submission;
  const ref = idempotencyKey === null ? null : keyRef(caller, idempotencyKey, request);
  const before = ref && (await findAnswer(deps.prisma, ref));
  if (before) return before;

  const now = deps.clock.now();
  checkSendingAllowed(caller, request.category, now);
  const { sendAt } = readTimes(request, now);
  checkCommonBody(request);
  const { tenantId, currency, dataKeyWrapped } = caller;
  const prices = await listPrices(deps.prisma, { currency, tenantIds: [tenantId], at: now });
  const dataKey = deps.dataKeys.open(tenantId, dataKeyWrapped);
  const batchId = newId({ now: () => now });
  const prepared = await prepareItems(request, { batchId, caller, prices, dataKey, now, traceParent });

  return inTransaction(deps, async (tx) => {
    // A transaction that is run again starts from what was prepared, not from what it made of it.
    const items = prepared.map((item) => ({ ...item }));
    const replayed = ref && (await holdBatchKey(tx.db, ref));
    if (replayed) return replayed;
    const placeholder = ref && { ...ref, resourceId: batchId, response: {} };
    await settleKeys(tx.db, items, placeholder, now);
    await fundItems(tx.db, items, caller, request);
    const batch = await storeItems(tx, items, { batchId, caller, request, sendAt, now });
    const answer = describeBatch(batch, items.map(toBatchItem));
    if (ref) await completeAnswer(tx.db, ref, answer);
    return { kind: 'accepted', answer };
  });
}

/** Throws the Problem of a text for all that no value can change. */
function checkCommonBody({ body, transliterate }: BatchEnvelope): void {
  if (body !== undefined && !hasPlaceholders(body)) readText({ body, transliterate });
}

/** Takes the batch's key for this transaction. Throws a Problem while the same request is being worked on. */
async function holdBatchKey(db: Db, ref: IdempotencyRef): Promise<BatchResult | null> {
  if (await holdKey(db, ref)) return findAnswer(db, ref);
  throw keyInProgress();
}

async function findAnswer(db: Db, ref: IdempotencyRef): Promise<BatchResult | null> {
  const [answer] = await findAnswers(db, [ref]);
  if (!answer) return null;
  if (answer.requestHash !== ref.requestHash) throw keyUsedForAnother();
  return { kind: 'replayed', answer: answer.response as AcceptedBatch };
}

type StoreContext = {
  batchId: string;
  caller: Caller;
  request: BatchEnvelope;
  sendAt: Date | null;
  now: Date;
};

async function storeItems(tx: Transaction, items: readonly Item[], context: StoreContext): Promise<NewBatch> {
  const { batchId, caller, request, sendAt, now } = context;
  const { tenantId, mode, currency } = caller;
  const messages = acceptOpen(items);
  answerTwins(items);
  const accepted = items.flatMap(({ result }) => (result?.state === 'accepted' ? [result] : []));
  const batch: NewBatch = {
    id: batchId,
    tenantId,
    mode,
    campaign: request.campaign ?? null,
    itemCount: items.length,
    acceptedCount: accepted.length,
    repeatedCount: accepted.filter(({ isRepeated }) => isRepeated).length,
    refusedCount: items.length - accepted.length,
    segments: messages.reduce((sum, { segments }) => sum + segments, 0),
    currency,
    priceMicros: messages.reduce((sum, { priceMicros }) => sum + priceMicros, 0n),
    sendAt,
    createdAt: now,
  };
  const chunksWaiting = await countWaitingChunks(tx.db, tenantId, now);
  await insertBatch(tx.db, batch);
  await insertMessages(tx.db, messages);
  await insertBatchItems(tx.db, batch, items.map(toBatchItem));
  // Scheduled messages are woken by the sweeper at their time.
  if (sendAt === null) enqueueSends(tx, messages, { chunksWaiting: new Map([[tenantId, chunksWaiting]]) });
  return batch;
}

/** What nothing speaks against is accepted; returns its messages. */
function acceptOpen(items: readonly Item[]): NewMessage[] {
  const open: { item: Item; message: NewMessage }[] = items
    .filter(isOpen)
    .map((item) => ({ item, message: item.message }));
  for (const { item, message } of open) {
    const { id: messageId, recipient } = message;
    item.result = { state: 'accepted', messageId, recipient, isRepeated: false };
  }
  return open.map(({ message }) => message);
}

function describeBatch(batch: NewBatch, items: readonly NewBatchItem[]): AcceptedBatch {
  const { page, continueAfter } = cutPage(items, ITEMS_ANSWERED);
  const self = `/v1/sms/batches/${toPublicId('bat', batch.id)}`;
  return {
    ...summariseBatch(batch),
    items: page.map((item) => viewItem(item, item.state === 'accepted' ? 'accepted' : null)),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && itemsCursor.after({ after: continueAfter.itemIndex }),
    links: { self, items: `${self}/items`, cancel: `${self}/cancel` },
  };
}
