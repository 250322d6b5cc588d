import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { State } from './state/open-state.ts';

/** A message that somebody writes to one of the account's numbers. */
export const Inbound = z.strictObject({
  from: z.string().regex(/^\+[1-9]\d{6,14}$/),
  to: z.string().default('+420736350000'),
  body: z.string(),
});

export type Inbound = z.input<typeof Inbound>;

// Twilio's default keywords (https://help.twilio.com/articles/223134027).
const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']);
const startWords = new Set(['START', 'YES', 'UNSTOP']);

/** Keeps an inbound message for posting: STOP also unsubscribes its sender here, START subscribes it again. */
export function receiveInbound(
  {
    state,
    accountSid,
    now,
    inboundUrl,
  }: { state: State; accountSid: string; now: () => Date; inboundUrl: string | undefined },
  given: Inbound,
): void {
  const { from, to, body } = Inbound.parse(given);
  const word = body.trim().toUpperCase();
  if (stopWords.has(word)) state.optOuts.set(from, true);
  if (startWords.has(word)) state.optOuts.set(from, false);
  if (inboundUrl === undefined) return;
  const sid = `SM${randomBytes(16).toString('hex')}`;
  const form = new URLSearchParams({
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    Body: body,
    From: from,
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: to,
  });
  const dueAt = now().getTime();
  state.callbacks.insert({
    sid,
    status: 'received',
    url: inboundUrl,
    body: form.toString(),
    dueAt,
    lost: false,
  });
}
