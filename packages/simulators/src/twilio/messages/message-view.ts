import type { MessageRow } from '../state/message-table.ts';

const pricePerSegment: { prefix: string; micros: number }[] = [
  { prefix: '+420', micros: 45_500 },
  { prefix: '+421', micros: 68_000 },
  { prefix: '+49', micros: 89_500 },
];
const elsewhereMicros = 75_000;

export interface MessageViewOptions {
  accountSid: string;
  now: Date;
  /** From the end of a message until its price is known. */
  pricedAfterMs: number;
}

/** Returns the Message resource as Twilio shows it: counts and prices are strings, what is not known yet is null. */
export function messageView({ message, progress }: MessageRow, options: MessageViewOptions): object {
  const { accountSid, now, pricedAfterMs } = options;
  const { sid, to, body, messagingServiceSid, createdAt, segments } = message;
  const isPriced = progress.endedAt !== null && now.getTime() - Date.parse(progress.endedAt) >= pricedAfterMs;
  const isSent = progress.sentAt !== null;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body,
    date_created: rfc2822(createdAt),
    date_sent: progress.sentAt && rfc2822(progress.sentAt),
    date_updated: rfc2822(progress.updatedAt),
    direction: 'outbound-api',
    error_code: progress.errorCode,
    error_message: progress.errorCode === null ? null : `Error ${progress.errorCode}`,
    from: progress.sender ?? message.from,
    messaging_service_sid: messagingServiceSid,
    num_media: '0',
    // A service has not chosen a sender yet, and counts nothing before it has.
    num_segments: progress.status === 'accepted' ? '0' : String(segments),
    price: isPriced && isSent ? priceOf(to, segments) : null,
    price_unit: 'USD',
    sid,
    status: progress.status,
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

/** The charge as a negative amount of dollars. */
function priceOf(to: string, segments: number): string {
  const micros = pricePerSegment.find(({ prefix }) => to.startsWith(prefix))?.micros ?? elsewhereMicros;
  return (-(micros * segments) / 1_000_000).toFixed(5);
}

/** Returns an instant as Twilio writes it, in whole seconds. */
export function rfc2822(instant: string): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}
