import { destinationOf, microsToNumber, priceOf } from '../messages/prices.ts';
import type { SubmittedMessage } from '../messages/received-message.ts';
import type { Happening } from '../processing/advance-message.ts';

/** Returns the JSON text of a delivery webhook: always an array, here with one event. */
export function reportBody(
  message: SubmittedMessage,
  parts: number,
  happening: Happening,
  occurredAt: Date,
): string {
  const event = {
    request_id: message.requestId,
    message_id: message.id,
    gateway: message.channel,
    timestamp: Math.floor(occurredAt.getTime() / 1000),
    ...(message.payload === null ? {} : { payload: message.payload }),
    type: 'outgoing',
    to: { phone_number: message.phoneNumber },
    result: happening.result,
    ...(happening.info === null ? {} : { result_info: happening.info }),
    ...statistics(message, parts, happening),
  };
  return JSON.stringify([event]);
}

// Only what was really sent has a price; RCS has no statistics object at all, and WhatsApp text has one under another
// name than its channel.
function statistics(message: SubmittedMessage, parts: number, happening: Happening): object {
  if (happening.result === 'rejected' || happening.result === 'failed') return {};
  if (message.channel === 'rcs') return {};
  const price = priceOf(message, parts);
  const figures = {
    ...(message.gateway === null ? {} : { gateway: message.gateway }),
    sender: message.sender,
    ...destinationOf(message.phoneNumber),
    price_czk: microsToNumber(price.czkMicros),
    price_eur: microsToNumber(price.eurMicros),
    count: parts,
  };
  return { [message.channel === 'whatsapp_text' ? 'whatsapp_body' : message.channel]: figures };
}
