import { microsToNumber, priceOf } from '../messages/prices.ts';
import type { Progress } from '../messages/received-message.ts';
import type { MessageRow } from '../state/message-table.ts';

const deliveryCodes: Partial<Record<Progress['state'], string>> = { delivered: '201', undelivered: '1' };

/** Returns the body of `message` in `GET /message`: codes are strings, the price is a number. */
export function statusView({ message, progress }: MessageRow): object {
  const codes = codesOf(progress);
  return {
    ...codes,
    status_info: progress.info?.replace(/^\[\d+\]\s*/, '') ?? null,
    tag: message.tag,
    body: message.body,
    to: { phone_number: message.to },
    request_id: message.requestId,
    ts_created: seconds(message.acceptedAt),
    ts_sent: seconds(progress.sentAt),
    ts_delivered: seconds(progress.deliveredAt),
    ts_seen: null,
    ts_clicked: null,
    ts_updated: seconds(progress.updatedAt),
    flow: message.flow,
    flow_index: progress.state === 'accepted' ? null : '0',
    flow_status: progress.state === 'accepted' ? {} : { '0': codes },
    price: progress.charged ? microsToNumber(priceOf(message, progress.parts).czkMicros) : null,
  };
}

/** Returns a row of `GET /messages`: flags are 0 or 1, prices are numeric strings. */
export function listingView({ message, progress }: MessageRow): object {
  const price = progress.charged ? priceOf(message, progress.parts) : { czkMicros: 0n, eurMicros: 0n };
  return {
    message_id: message.id,
    message_parts: progress.parts,
    ts_sent: seconds(progress.sentAt),
    ts_delivered: seconds(progress.deliveredAt),
    ts_updated: seconds(progress.updatedAt),
    ts_clicked: null,
    ts_seen: null,
    ts_replied: null,
    ts_optout: null,
    sent: progress.sentAt === null ? 0 : 1,
    delivered: progress.deliveredAt === null ? 0 : 1,
    seen: 0,
    clicked: 0,
    replied: 0,
    optout: 0,
    nondelivered: ['undelivered', 'failed', 'rejected'].includes(progress.state) ? 1 : 0,
    body: message.body,
    flow: message.channel,
    sender: message.sender,
    phone_number: message.phoneNumber,
    price_czk: String(microsToNumber(price.czkMicros)),
    price_eur: String(microsToNumber(price.eurMicros)),
  };
}

// Only 200, 201 and 202 are published; for the rest the number in brackets of the result is shown.
function codesOf({ state, sentAt, info }: Progress): object {
  const number = info?.match(/^\[(\d+)\]/)?.[1] ?? null;
  const refused = state === 'rejected' || state === 'failed';
  return {
    status_code: sentAt !== null ? '200' : refused ? number : null,
    delivery_code: deliveryCodes[state] ?? null,
  };
}

function seconds(instant: string | null): string | null {
  return instant?.replace(/\.\d{3}Z$/, 'Z') ?? null;
}
