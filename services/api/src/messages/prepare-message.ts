import { seal } from '@tollgate/shared/encryption/seal.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { PriceRow } from '@tollgate/shared/pricing/choose-price.ts';
import { quoteMessage } from '@tollgate/shared/pricing/quote.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { checkCountryAllowed } from './check-country-allowed.ts';
import { checkSendingAllowed } from './check-sending-allowed.ts';
import { findPrice } from './find-price.ts';
import { readRecipient } from './read-recipient.ts';
import { readText } from './read-text.ts';
import { readTimes } from './read-times.ts';
import type { AcceptedMessage, SendRequest } from './send-request.ts';

/** The sweeper looks after a message that its job did not move within this time. */
const FIRST_WAKE_UP_MS = 30 * SECOND_MS;

export type PrepareContext = {
  /** Of the message to be. */
  id: string;
  caller: Caller;
  prices: readonly PriceRow[];
  dataKey: Uint8Array;
  now: Date;
  traceParent: string | null;
};

/** A message ready to be stored: parsed, counted, priced, sealed. Throws the Problem that says why not. */
export function prepareMessage(request: SendRequest, context: PrepareContext): NewMessage {
  const { id, caller, prices, dataKey, now, traceParent } = context;
  checkSendingAllowed(caller, request.category, now);
  const { e164, country } = readRecipient(request.to, caller.defaultCountry);
  checkCountryAllowed(caller, country);
  const { body, encoding, segments } = readText(request);
  const { sendAt, notBefore, expiresAt } = readTimes(request, now);
  const price = findPrice(prices, caller, country, now);
  const { unitPriceMicros, per, priceMicros } = quoteMessage(price, segments);
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
