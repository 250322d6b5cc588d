import { countParts } from './count-parts.ts';
import { bodyOf, channelOf, type FlowStep, senderOf } from './flow-schema.ts';
import type { Message } from './message-schema.ts';
import { normalisePhone } from './normalise-phone.ts';
import { isPromotional, normaliseTags } from './normalise-tags.ts';
import type { Endpoint, SubmittedMessage } from './received-message.ts';
import { nextOpening, promotionalWindow } from './sending-window.ts';

const bodyMax = 1000;
const scheduleFromMs = 60_000;
const defaultSender = 'InfoSMS';

/** What one key of the answer stands for: a recipient of `/message`, or a whole object of `/messages`. */
export interface Submission {
  key: string;
  messageId: string;
  messages: TakenMessage[];
}

export interface TakenMessage extends SubmittedMessage {
  parts: number;
}

export interface Acceptance {
  endpoint: Endpoint;
  requestId: string;
  acceptedAt: Date;
  newId: () => string;
  /** Hold promotional messages to Czechia and France until the morning. */
  promotionalHours: boolean;
}

/** Returns what the request asks for, keyed as the answer will be, with an id for every recipient. */
export function acceptMessages(messages: Message[], acceptance: Acceptance): Submission[] {
  if (acceptance.endpoint === 'messages') {
    return messages.map((message, index) => {
      const messageId = acceptance.newId();
      const taken = message.to.map((_, recipient) =>
        takeMessage(message, recipient, `${messageId}-${recipient}`, acceptance),
      );
      return { key: String(index), messageId, messages: taken };
    });
  }
  return messages.flatMap((message) =>
    message.to.map((_, recipient) => {
      const messageId = acceptance.newId();
      const taken = takeMessage(message, recipient, messageId, acceptance);
      return { key: String(recipient), messageId, messages: [taken] };
    }),
  );
}

function takeMessage(message: Message, recipient: number, id: string, acceptance: Acceptance): TakenMessage {
  const flow: FlowStep[] = message.flow ?? [{ sms: { gateway: 'high' } }];
  const step = flow[0] ?? { sms: {} };
  const text = bodyOf(step) ?? message.body ?? '';
  const body = text.slice(0, bodyMax);
  const channel = channelOf(step);
  const type = channel === 'sms' ? (step.sms?.type ?? 'utf') : null;
  const to = message.to[recipient]?.phone_number ?? '';
  const phoneNumber = normalisePhone(to);
  const tag = normaliseTags(message.tag ?? message.messageTag);
  return {
    id,
    requestId: acceptance.requestId,
    endpoint: acceptance.endpoint,
    acceptedAt: acceptance.acceptedAt.toISOString(),
    sendAt: sendTime(message, { phoneNumber, tag }, acceptance).toISOString(),
    to,
    phoneNumber,
    body,
    truncated: text.length > bodyMax,
    sender: senderOf(step) ?? message.sender ?? defaultSender,
    tag,
    channel,
    gateway: channel === 'sms' ? (step.sms?.gateway ?? 'high') : null,
    type,
    callbackUrl: callbackUrl(message.callback),
    payload: message.payload ?? null,
    flow,
    parts: type === null ? 1 : countParts(body, type),
  };
}

function sendTime(
  message: Message,
  { phoneNumber, tag }: { phoneNumber: string; tag: string },
  { acceptedAt, endpoint, promotionalHours }: Acceptance,
): Date {
  const scheduled = message.datetime === undefined ? acceptedAt : new Date(message.datetime);
  const isLater = scheduled.getTime() - acceptedAt.getTime() > scheduleFromMs;
  const wanted = isLater ? scheduled : acceptedAt;
  const allowed = message.delivery_time ? nextOpening(wanted, message.delivery_time) : wanted;
  const held = promotionalHours && endpoint !== 'message/priority' && isPromotional(tag);
  return held && /^(420|33)/.test(phoneNumber) ? nextOpening(allowed, promotionalWindow) : allowed;
}

// The object form of a callback has no published schema; only its `url` is used.
function callbackUrl(callback: Message['callback']): string | null {
  if (typeof callback === 'string') return callback;
  const url = callback?.url;
  return typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url) ? url : null;
}
