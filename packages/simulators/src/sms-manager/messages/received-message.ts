import type { Channel, FlowStep } from './flow-schema.ts';

export type Endpoint = 'message' | 'message/priority' | 'messages';

/** What was taken over for one recipient; never changes. Instants are ISO 8601 in UTC. */
export interface SubmittedMessage {
  /** The id used in reports and look-ups; ends in `-<recipient index>` when it came through `/messages`. */
  id: string;
  requestId: string;
  endpoint: Endpoint;
  acceptedAt: string;
  /** When it is sent: the acceptance, or later if scheduled or outside its delivery window. */
  sendAt: string;
  /** The recipient as submitted. */
  to: string;
  /** The recipient as dialled. */
  phoneNumber: string;
  /** The text of the first flow step, cut to 1,000 characters. */
  body: string;
  truncated: boolean;
  sender: string;
  /** Normalised, sorted, comma separated. */
  tag: string;
  channel: Channel;
  /** Only for SMS. */
  gateway: string | null;
  /** Only for SMS. */
  type: 'sms' | 'utf' | null;
  callbackUrl: string | null;
  payload: Record<string, unknown> | null;
  flow: FlowStep[];
}

export type MessageState = 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'rejected';

/** How far a message has come. */
export interface Progress {
  state: MessageState;
  /** `[code] text` of the latest state, if it has one. */
  info: string | null;
  sentAt: string | null;
  deliveredAt: string | null;
  updatedAt: string;
  parts: number;
  charged: boolean;
}

export type ReportResult = 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'rejected';

/** One webhook of a message and what came of it. */
export interface CallbackAnswer {
  result: ReportResult;
  attempts: number;
  /** `pending` until a 2xx (`answered`), five failures (`dropped`), or never posted because of a fault (`lost`). */
  outcome: 'pending' | 'answered' | 'dropped' | 'lost';
  /** Status code, `timeout` or `no connection` of the latest attempt. */
  lastAnswer: string | null;
}

/** Everything known about one recipient's message. */
export interface ReceivedMessage extends SubmittedMessage, Progress {
  callbackAnswers: CallbackAnswer[];
}
