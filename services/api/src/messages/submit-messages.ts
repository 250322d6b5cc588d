import { listAccounts } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros } from '@tollgate/shared/credit/fit-within-credit.ts';
import {
  findAnswers,
  type IdempotencyRef,
  storeAnswers,
  withdrawAnswers,
} from '@tollgate/shared/idempotency/idempotency.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { enqueueSends } from '@tollgate/shared/messages/enqueue-sends.ts';
import { insertMessages } from '@tollgate/shared/messages/insert-messages.ts';
import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import type { PriceRow } from '@tollgate/shared/pricing/choose-price.ts';
import { listPrices } from '@tollgate/shared/pricing/list-prices.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { keyRef, keyUsedForAnother } from '../idempotency/idempotency-key.ts';
import { Problem } from '../problems/problem.ts';
import { describeAccepted, prepareMessage } from './prepare-message.ts';
import type { AcceptedMessage, SendRequest } from './send-request.ts';
import { shortfall } from './shortfall.ts';

/** For so long a request waits for another one with its key. */
const KEY_WAIT_MS_MAX = 250;

export type Submission = {
  caller: Caller;
  request: SendRequest;
  idempotencyKey: string | null;
  traceParent: string | null;
};

export type SubmissionResult =
  | { kind: 'accepted'; answer: AcceptedMessage }
  | { kind: 'replayed'; answer: AcceptedMessage }
  | { kind: 'refused'; problem: Problem };

export type SubmitDeps = TransactionDeps & { clock: Clock; dataKeys: DataKeys };

/** A submission on its way through the batch; `result` is set as soon as it is decided. */
type Entry = {
  submission: Submission;
  ref: IdempotencyRef | null;
  message?: NewMessage;
  result?: SubmissionResult;
};

/**
 * Accepts messages: quoted, stored with their idempotency keys, then enqueued. One transaction for
 * all; each submission gets its own result, in order, and none fails for another's sake.
 */
export function submitMessages(
  deps: SubmitDeps,
  submissions: readonly Submission[],
): Promise<SubmissionResult[]> {
  return inTransaction(deps, async (tx) => {
    const now = deps.clock.now();
    const entries = submissions.map(toEntry);
    await replayStored(tx.db, entries);
    await prepare(tx.db, entries, deps.dataKeys, now);
    const { first, repeated } = await storeKeys(tx.db, entries, now);
    const funded = await refuseUnfunded(tx.db, first);
    await insertMessages(tx.db, funded.map(messageOf));
    for (const entry of funded)
      entry.result = { kind: 'accepted', answer: describeAccepted(messageOf(entry)) };
    await answerRepeated(tx.db, repeated, first);
    // Scheduled messages are woken by the sweeper at their time.
    enqueueSends(
      tx,
      funded.map(messageOf).filter(({ sendAt }) => sendAt === null),
    );
    return entries.map(({ result }) => result ?? lost);
  });
}

const lost: SubmissionResult = {
  kind: 'refused',
  problem: new Problem('internal', 'the submission got no result'),
};

function toEntry(submission: Submission): Entry {
  const { caller, request, idempotencyKey } = submission;
  const ref = idempotencyKey === null ? null : keyRef(caller, idempotencyKey, request);
  return { submission, ref };
}

/** Answers what was answered before: same key and request, same answer; other request, a conflict. */
async function replayStored(db: Db, entries: readonly Entry[]): Promise<void> {
  const open = entries.filter(({ ref, result }) => ref && !result);
  const answers = await findAnswers(
    db,
    open.map(({ ref }) => ref as IdempotencyRef),
  );
  const byKey = new Map(answers.map((answer) => [`${answer.tenantId} ${answer.key}`, answer]));
  for (const entry of open) {
    const ref = entry.ref as IdempotencyRef;
    const answer = byKey.get(`${ref.tenantId} ${ref.key}`);
    if (!answer) continue;
    entry.result =
      answer.requestHash === ref.requestHash
        ? { kind: 'replayed', answer: answer.response as AcceptedMessage }
        : { kind: 'refused', problem: keyUsedForAnother() };
  }
}

async function prepare(db: Db, entries: readonly Entry[], dataKeys: DataKeys, now: Date): Promise<void> {
  const open = entries.filter(({ result }) => !result);
  const prices = await pricesFor(db, open, now);
  for (const entry of open) {
    const { caller, request, traceParent } = entry.submission;
    try {
      const dataKey = dataKeys.open(caller.tenantId, caller.dataKeyWrapped);
      const id = newId({ now: () => now });
      entry.message = prepareMessage(request, { id, caller, prices, dataKey, now, traceParent });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      entry.result = { kind: 'refused', problem: error };
    }
  }
}

async function pricesFor(db: Db, entries: readonly Entry[], at: Date): Promise<PriceRow[]> {
  const currencies = new Set(entries.map(({ submission }) => submission.caller.currency));
  const tenantIds = [...new Set(entries.map(({ submission }) => submission.caller.tenantId))];
  const lists: PriceRow[][] = [];
  for (const currency of currencies) lists.push(await listPrices(db, { currency, tenantIds, at }));
  return lists.flat();
}

/** Stores the keys; of two submissions with one key, here or in another process, one is first. */
async function storeKeys(
  db: Db,
  entries: readonly Entry[],
  now: Date,
): Promise<{ first: Entry[]; repeated: Entry[] }> {
  const prepared = entries.filter(({ message, result }) => message && !result);
  const answers = prepared.flatMap(({ ref, message }) =>
    ref && message ? [{ ...ref, resourceId: message.id, response: describeAccepted(message) }] : [],
  );
  if (answers.length > 0) await limitKeyWait(db);
  const stored = await storeAnswers(db, answers, now);
  const isFirst = (entry: Entry) => entry.ref === null || stored.has(messageOf(entry).id);
  return { first: prepared.filter(isFirst), repeated: prepared.filter((entry) => !isFirst(entry)) };
}

/** A batch of many recipients may hold its keys for seconds; the others of this transaction do not wait for it. */
async function limitKeyWait(db: Db): Promise<void> {
  await db.$queryRaw`SELECT set_config('lock_timeout', ${`${KEY_WAIT_MS_MAX}ms`}, true)`;
}

/** Gives who came second the answer of who came first; also when that was a refusal, which is not stored. */
async function answerRepeated(db: Db, repeated: readonly Entry[], first: readonly Entry[]): Promise<void> {
  await replayStored(db, repeated);
  for (const entry of repeated) {
    const twin = first.find(
      ({ ref }) => ref?.key === entry.ref?.key && ref?.tenantId === entry.ref?.tenantId,
    );
    if (entry.result || !twin?.result) continue;
    const same = twin.ref?.requestHash === entry.ref?.requestHash;
    entry.result = same ? twin.result : { kind: 'refused', problem: keyUsedForAnother() };
  }
}

/**
 * Refuses what the available credit does not cover. Read without a lock: the sender's reservation
 * stays the rule, this answer only comes sooner. A refusal frees its idempotency key.
 */
async function refuseUnfunded(db: Db, entries: readonly Entry[]): Promise<Entry[]> {
  const charged = entries.filter((entry) => messageOf(entry).mode === 'live');
  const accounts = await listAccounts(db, [
    ...new Set(charged.map(({ submission }) => submission.caller.tenantId)),
  ]);
  const left = new Map(accounts.map((a) => [`${a.tenantId} ${a.currency}`, availableMicros(a)]));
  const unfunded = charged.filter((entry) => {
    const { tenantId, currency, priceMicros } = messageOf(entry);
    const key = `${tenantId} ${currency}`;
    const available = left.get(key) ?? 0n;
    if (available >= priceMicros) {
      left.set(key, available - priceMicros);
      return false;
    }
    entry.result = { kind: 'refused', problem: shortfall(available, priceMicros, currency) };
    return true;
  });
  await withdrawAnswers(
    db,
    unfunded.flatMap(({ ref }) => ref ?? []),
  );
  return entries.filter((entry) => !unfunded.includes(entry));
}

function messageOf(entry: Entry): NewMessage {
  if (!entry.message) throw new TypeError('a submission without a message got past its preparation');
  return entry.message;
}
