import { seal } from '@tollgate/shared/encryption/seal.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { defaultValidityMs } from '@tollgate/shared/messages/categories.ts';
import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { parsePhoneNumber } from '@tollgate/shared/phone-numbers/parse-phone-number.ts';
import { choosePrice, type PriceRow } from '@tollgate/shared/pricing/choose-price.ts';
import { quoteMessage } from '@tollgate/shared/pricing/quote.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { checkBodyLength } from '@tollgate/shared/text/body-limit.ts';
import { countSegments } from '@tollgate/shared/text/segments.ts';
import { DAY_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import type { AcceptedMessage, SendRequest } from './send-request.ts';

/** The sweeper looks after a message that its job did not move within this time. */
const FIRST_WAKE_UP_MS = 30 * SECOND_MS;

/** Messages are not planned further ahead. */
const HORIZON_MS = 366 * DAY_MS;

export type PrepareContext = {
  caller: Caller;
  prices: readonly PriceRow[];
  dataKey: Uint8Array;
  now: Date;
  traceParent: string | null;
};

/** A message ready to be stored: parsed, counted, priced, sealed. Throws the Problem that says why not. */
export function prepareMessage(request: SendRequest, context: PrepareContext): NewMessage {
  const { caller, prices, dataKey, now, traceParent } = context;
  checkSendingAllowed(caller);
  const { e164, country } = readRecipient(request.to, caller.defaultCountry);
  const { body, encoding, segments } = countBody(request.body);
  const { sendAt, notBefore, expiresAt } = readTimes(request, now);
  const price = choosePrice(prices, { ...caller, country, at: now });
  if (!price) {
    throw invalidRequest([
      { pointer: '#/to', detail: `there is no price for ${country} in ${caller.currency}` },
    ]);
  }
  const { unitPriceMicros, per, priceMicros } = quoteMessage(price, segments);
  const id = newId({ now: () => now });
  return {
    id,
    tenantId: caller.tenantId,
    mode: caller.mode,
    category: request.category,
    recipient: e164,
    country,
    sender: request.sender ?? caller.sender,
    bodyEncrypted: seal(dataKey, body, id),
    encoding,
    segments,
    currency: caller.currency,
    unitPriceMicros,
    pricedPer: per,
    priceMicros,
    chargeOn: caller.chargeOn,
    reference: request.reference ?? null,
    campaign: request.campaign ?? null,
    metadata: request.metadata ?? null,
    callbackUrl: null,
    traceParent,
    acceptedAt: now,
    sendAt,
    notBefore,
    expiresAt,
    wakeAt: new Date(Math.max(notBefore.getTime(), now.getTime() + (sendAt ? 0 : FIRST_WAKE_UP_MS))),
  };
}

function checkSendingAllowed(caller: Caller): void {
  if (caller.tenantStatus === 'suspended') {
    throw new Problem('tenant_suspended', 'sending is suspended for this account');
  }
  if (!caller.planIncludesSms) {
    throw new Problem('sms_disabled', `the plan ${caller.planId} does not include SMS`);
  }
  if (!caller.smsEnabled)
    throw new Problem('sms_disabled', 'SMS is switched off in the settings of this account');
}

function readRecipient(to: string, defaultCountry: string): { e164: string; country: string } {
  const parsed = parsePhoneNumber(to, defaultCountry);
  if (parsed.ok) return parsed;
  throw invalidRequest([{ pointer: '#/to', detail: parsed.detail }]);
}

function countBody(text: string) {
  const length = checkBodyLength(text);
  if (!length.ok) throw invalidRequest([{ pointer: '#/body', detail: length.detail }]);
  return countSegments(text);
}

function readTimes({ sendAt, validUntil, category }: SendRequest, now: Date) {
  const notBefore = sendAt === undefined ? now : new Date(sendAt);
  if (notBefore.getTime() > now.getTime() + HORIZON_MS) {
    throw invalidRequest([{ pointer: '#/sendAt', detail: 'is more than a year ahead' }]);
  }
  if (notBefore < now) throw invalidRequest([{ pointer: '#/sendAt', detail: 'is in the past' }]);
  const expiresAt =
    validUntil === undefined
      ? new Date(notBefore.getTime() + defaultValidityMs[category])
      : new Date(validUntil);
  if (expiresAt <= notBefore) {
    throw invalidRequest([{ pointer: '#/validUntil', detail: 'must be after the time of sending' }]);
  }
  if (expiresAt.getTime() > notBefore.getTime() + HORIZON_MS) {
    throw invalidRequest([
      { pointer: '#/validUntil', detail: 'is more than a year after the time of sending' },
    ]);
  }
  return { sendAt: sendAt === undefined ? null : notBefore, notBefore, expiresAt };
}

/** What the caller is told of an accepted message. */
export function describeAccepted(message: NewMessage): AcceptedMessage {
  return {
    id: toPublicId('msg', message.id),
    state: 'accepted',
    mode: message.mode,
    to: message.recipient,
    country: message.country,
    sender: message.sender,
    category: message.category,
    encoding: message.encoding,
    segments: message.segments,
    price: { amount: formatMicros(message.priceMicros), currency: message.currency },
    reference: message.reference,
    campaign: message.campaign,
    metadata: message.metadata,
    acceptedAt: message.acceptedAt.toISOString(),
    sendAt: message.sendAt?.toISOString() ?? null,
    validUntil: message.expiresAt.toISOString(),
  };
}
