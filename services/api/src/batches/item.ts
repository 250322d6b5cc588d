import type { NewBatchItem } from '@tollgate/shared/batches/batch.ts';
import type { IdempotencyRef } from '@tollgate/shared/idempotency/idempotency.ts';
import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import { toStorable } from '@tollgate/shared/text/to-storable.ts';
import type { Problem, ProblemCode } from '../problems/problem.ts';

export type ItemResult =
  | { state: 'accepted'; messageId: string; recipient: string; isRepeated: boolean }
  | { state: 'refused'; code: ProblemCode; detail: string; pointer: string | null };

/** One recipient on its way through the acceptance; `result` is set as soon as it is decided. */
export type Item = {
  index: number;
  /** The recipient as it was given, where that is text. */
  to: string | null;
  ref: IdempotencyRef | null;
  message: NewMessage | null;
  result: ItemResult | null;
  /** The earlier item with the same key, whose result this one shares. */
  twinOf?: Item;
};

/** An item whose message is to be stored unless something speaks against it. */
export type OpenItem = Item & { message: NewMessage; result: null };

/** Whether the item's message is still to be decided about. */
export function isOpen(item: Item): item is OpenItem {
  return item.message !== null && item.result === null && item.twinOf === undefined;
}

/** Of what callers made up so much is kept. */
const TEXT_LENGTH_MAX = 500;

/** The refusal of one item. `pointer` leads into the request of the batch. */
export function refuseItem({ code, message }: Problem, pointer: string | null): ItemResult {
  return {
    state: 'refused',
    code,
    detail: toStorable(message, TEXT_LENGTH_MAX),
    pointer: pointer && toStorable(pointer, TEXT_LENGTH_MAX),
  };
}

/** The item as it is kept. */
export function toBatchItem({ index, to, result }: Item): NewBatchItem {
  if (!result) throw new TypeError(`item ${index} of a batch got no result`);
  const refused = result.state === 'refused' ? result : null;
  return {
    itemIndex: index,
    state: result.state,
    recipient: result.state === 'accepted' ? result.recipient : to,
    messageId: result.state === 'accepted' ? result.messageId : null,
    isRepeated: result.state === 'accepted' && result.isRepeated,
    problemCode: refused?.code ?? null,
    problemDetail: refused?.detail ?? null,
    problemPointer: refused?.pointer ?? null,
  };
}
