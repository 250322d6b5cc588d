/** What was taken over; never changes. Instants are ISO 8601 in UTC. */
export interface SubmittedMessage {
  sid: string;
  createdAt: string;
  to: string;
  body: string;
  /** Null where the Messaging Service picks a sender. */
  from: string | null;
  messagingServiceSid: string | null;
  statusCallback: string | null;
  segments: number;
}

export type Status = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** How far a message has come. */
export interface Progress {
  status: Status;
  errorCode: number | null;
  /** The sender that was used, once it was sent. */
  sender: string | null;
  sentAt: string | null;
  /** When it ended; its price is known some time after that. */
  endedAt: string | null;
  updatedAt: string;
}

/** What happens to a message by itself next, and when (milliseconds since 1970); null when nothing more does. */
export type NextStep = { step: 'send' | 'end'; at: number } | null;

/** One callback and what came of it. */
export interface CallbackAnswer {
  status: Status;
  attempts: number;
  /** `pending` until any HTTP answer (`answered`), the last failed connection (`dropped`), or `lost` by a fault. */
  outcome: 'pending' | 'answered' | 'dropped' | 'lost';
  /** Status code, `timeout` or `no connection` of the latest attempt. */
  lastAnswer: string | null;
}

/** Everything known about a message. */
export interface ReceivedMessage extends SubmittedMessage, Progress {
  callbackAnswers: CallbackAnswer[];
}
