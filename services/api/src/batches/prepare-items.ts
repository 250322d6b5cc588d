import { setImmediate } from 'node:timers/promises';
import { fillPlaceholders } from '@tollgate/shared/batches/fill-placeholders.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { PROVIDER_BODY_LIMIT, RAW_BODY_LIMIT } from '@tollgate/shared/text/body-limit.ts';
import { toStorable } from '@tollgate/shared/text/to-storable.ts';
import type { z } from 'zod';
import { keyRef } from '../idempotency/idempotency-key.ts';
import { type PrepareContext, prepareMessage } from '../messages/prepare-message.ts';
import { SendRequest } from '../messages/send-request.ts';
import { type FieldError, invalidRequest, Problem } from '../problems/problem.ts';
import { pointerTo, readBody } from '../problems/read-body.ts';
import { type BatchEnvelope, BatchRecipient } from './batch-request.ts';
import { type Item, refuseItem } from './item.ts';

export type ItemsContext = Omit<PrepareContext, 'id'> & { batchId: string };

/** Other requests go on in between: each of their steps waits for no more than this. */
const ITEMS_AT_A_TIME = 10;

/** Every recipient as a message ready to be stored, or as the reason why it cannot be one. In request order. */
export async function prepareItems(request: BatchEnvelope, context: ItemsContext): Promise<Item[]> {
  // Made at once: ids of one instant only sort in their order while nobody else makes one.
  const recipients = request.recipients.map((given) => ({ given, id: newId({ now: () => context.now }) }));
  const items: Item[] = [];
  for (const [index, { given, id }] of recipients.entries()) {
    if (index % ITEMS_AT_A_TIME === 0) await setImmediate();
    items.push(prepareItem(request, given, { ...context, id, index }));
  }
  return items;
}

function prepareItem(
  request: BatchEnvelope,
  given: unknown,
  context: ItemsContext & PrepareContext & { index: number },
): Item {
  const { index, caller, batchId } = context;
  const to = readTo(given);
  try {
    const recipient = readBody(BatchRecipient, given);
    const single = readBody(SendRequest, toSendRequest(request, recipient));
    const message = { ...prepareMessage(single, context), batchId };
    const { idempotencyKey } = recipient;
    const ref = idempotencyKey === undefined ? null : keyRef(caller, idempotencyKey, single);
    return { index, to, ref, message, result: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const result = refuseItem(error, pointerIntoBatch(error, request, given, index));
    return { index, to, ref: null, message: null, result };
  }
}

/** The message that the recipient gets, as if it were asked for alone. */
function toSendRequest(request: BatchEnvelope, recipient: BatchRecipient): z.input<typeof SendRequest> {
  const { recipients, partial, body: commonBody, metadata: commonMetadata, ...common } = request;
  const { to, body: ownBody, values = {}, reference, metadata: ownMetadata } = recipient;
  const template = ownBody ?? commonBody;
  if (template === undefined) throw invalidRequest([{ pointer: '#/body', detail: 'is the text to send' }]);
  const metadata = commonMetadata || ownMetadata ? { ...commonMetadata, ...ownMetadata } : undefined;
  return { ...common, to, body: fill(template, values), reference, metadata };
}

const TOO_LONG = `the body has more than ${RAW_BODY_LIMIT} characters, the limit is ${PROVIDER_BODY_LIMIT}`;

function fill(template: string, values: Record<string, string>): string {
  const filled = fillPlaceholders(template, values, RAW_BODY_LIMIT);
  if (filled.ok) return filled.text;
  if (filled.reason === 'too_long') throw invalidRequest([{ pointer: '#/body', detail: TOO_LONG }]);
  throw invalidRequest(
    filled.missing.map((name) => ({
      pointer: pointerTo(['values', name]),
      detail: `there is no value for {{${name}}}`,
    })),
  );
}

/** Where the first mistake stands in the request: with the recipient, unless the field is the one for all. */
function pointerIntoBatch(
  problem: Problem,
  request: BatchEnvelope,
  given: unknown,
  index: number,
): string | null {
  const { errors } = problem.extras as { errors?: readonly FieldError[] };
  const first = errors?.[0];
  if (!first || !('pointer' in first)) return null;
  const path = first.pointer.slice(1);
  const field = path.split('/')[1] ?? '';
  const isCommon = ['sender', 'category', 'campaign', 'sendAt', 'validUntil'].includes(field);
  const isCommonBody =
    field === 'body' && request.body !== undefined && isObject(given) && !Object.hasOwn(given, 'body');
  return isCommon || isCommonBody ? first.pointer : `#/recipients/${index}${path}`;
}

function readTo(given: unknown): string | null {
  return isObject(given) && 'to' in given && typeof given.to === 'string' ? toStorable(given.to, 32) : null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
