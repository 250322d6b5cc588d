import { findAnswers, type NewAnswer, storeAnswers } from '@tollgate/shared/idempotency/idempotency.ts';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { keyUsedForAnother } from '../idempotency/idempotency-key.ts';
import { describeAccepted } from '../messages/prepare-message.ts';
import type { AcceptedMessage } from '../messages/send-request.ts';
import { type Item, isOpen, refuseItem } from './item.ts';

/**
 * Stores the keys of the open items, and of the batch itself, and answers items whose key was used
 * before, for a single message or in another batch. Of items with one key only the first stays open;
 * the others get its result from `answerTwins`. Throws a Problem where the batch's own key is taken.
 */
export async function settleKeys(
  db: Db,
  items: readonly Item[],
  batchAnswer: NewAnswer | null,
  now: Date,
): Promise<void> {
  refuseKeyOfBatch(items, batchAnswer);
  markTwins(items);
  const answers = items
    .filter(isOpen)
    .flatMap(({ ref, message }) =>
      ref ? [{ ...ref, resourceId: message.id, response: describeAccepted(message) }] : [],
    );
  const stored = await storeAnswers(db, batchAnswer ? [...answers, batchAnswer] : answers, now);
  if (batchAnswer && !stored.has(batchAnswer.resourceId)) throw keyUsedForAnother();
  // Of the others somebody else was first, before or just now, and has committed.
  const late = new Set<Item>(items.filter(isOpen).filter(({ message }) => !stored.has(message.id)));
  await replay(
    db,
    items.filter((item) => late.has(item.twinOf ?? item)),
  );
}

/** A recipient cannot have the key of the whole batch. */
function refuseKeyOfBatch(items: readonly Item[], batchAnswer: NewAnswer | null): void {
  for (const item of items.filter(isOpen) as readonly Item[]) {
    if (batchAnswer && item.ref?.key === batchAnswer.key)
      item.result = refuseItem(keyUsedForAnother(), keyPointer(item));
  }
}

function markTwins(items: readonly Item[]): void {
  const first = new Map<string, Item>();
  for (const item of items) {
    if (!item.ref || item.result) continue;
    const earlier = first.get(item.ref.key);
    if (earlier) item.twinOf = earlier;
    else first.set(item.ref.key, item);
  }
}

/** Gives items with a key that stands in the batch more than once the result of the first, unless they have one. */
export function answerTwins(items: readonly Item[]): void {
  for (const item of items) {
    if (!item.twinOf || item.result) continue;
    const { result, ref } = item.twinOf;
    const isSame = ref?.requestHash === item.ref?.requestHash;
    if (!isSame) item.result = refuseItem(keyUsedForAnother(), keyPointer(item));
    else item.result = result?.state === 'accepted' ? { ...result, isRepeated: true } : result;
  }
}

async function replay(db: Db, items: readonly Item[]): Promise<void> {
  const answers = await findAnswers(
    db,
    items.flatMap(({ ref }) => ref ?? []),
  );
  const byKey = new Map(answers.map((answer) => [answer.key, answer]));
  for (const item of items) {
    const answer = byKey.get(item.ref?.key ?? '');
    if (!answer) continue;
    item.result =
      answer.requestHash === item.ref?.requestHash
        ? toRepeated(answer.response as AcceptedMessage)
        : refuseItem(keyUsedForAnother(), keyPointer(item));
  }
}

function toRepeated({ id, to }: AcceptedMessage): Item['result'] {
  return { state: 'accepted', messageId: fromPublicId('msg', id) ?? id, recipient: to, isRepeated: true };
}

function keyPointer({ index }: Item): string {
  return `#/recipients/${index}/idempotencyKey`;
}
