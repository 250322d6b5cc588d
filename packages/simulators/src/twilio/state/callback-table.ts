import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CallbackAnswer, Status } from '../messages/twilio-message.ts';

/** A callback to post: of a message's status, or of an inbound message. */
export interface PendingCallback {
  seq: number;
  /** Callbacks of one SID are posted one after another. */
  sid: string;
  status: Status | 'received';
  url: string;
  /** The form as it is posted. */
  body: string;
  dueAt: number;
  attempts: number;
}

export type NewCallback = Omit<PendingCallback, 'seq' | 'attempts'> & { lost: boolean };

export interface CallbackTable {
  insert(callback: NewCallback): void;
  /** Returns pending callbacks due by the instant, soonest first. */
  due(now: number, limit: number): PendingCallback[];
  nextAt(): number | null;
  record(seq: number, outcome: CallbackAnswer['outcome'], answer: string): void;
  ofMessage(sid: string): CallbackAnswer[];
}

/** Returns the callbacks of the state: due ones, and what came of the others. */
export function callbackTable(database: DatabaseSync): CallbackTable {
  const insert = database.prepare(
    'INSERT INTO callbacks (sid, status, url, body, due_at, outcome) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const due = database.prepare(
    "SELECT * FROM callbacks WHERE outcome = 'pending' AND due_at <= ? ORDER BY due_at, seq LIMIT ?",
  );
  const nextAt = database.prepare("SELECT min(due_at) AS at FROM callbacks WHERE outcome = 'pending'");
  const record = database.prepare(
    'UPDATE callbacks SET attempts = attempts + 1, outcome = ?, last_answer = ? WHERE seq = ?',
  );
  const ofMessage = database.prepare('SELECT * FROM callbacks WHERE sid = ? ORDER BY seq');
  return {
    insert: ({ sid, status, url, body, dueAt, lost }) => {
      insert.run(sid, status, url, body, dueAt, lost ? 'lost' : 'pending');
    },
    due: (now, limit) => due.all(now, limit).map(toPending),
    nextAt: () => {
      const at = nextAt.get()?.at;
      return typeof at === 'number' ? at : null;
    },
    record: (seq, outcome, answer) => {
      record.run(outcome, answer, seq);
    },
    ofMessage: (sid) => ofMessage.all(sid).map(toAnswer),
  };
}

function toPending(row: Record<string, SQLOutputValue>): PendingCallback {
  return {
    seq: Number(row.seq),
    sid: String(row.sid),
    status: String(row.status) as Status,
    url: String(row.url),
    body: String(row.body),
    dueAt: Number(row.due_at),
    attempts: Number(row.attempts),
  };
}

function toAnswer(row: Record<string, SQLOutputValue>): CallbackAnswer {
  return {
    status: String(row.status) as Status,
    attempts: Number(row.attempts),
    outcome: String(row.outcome) as CallbackAnswer['outcome'],
    lastAnswer: row.last_answer === null ? null : String(row.last_answer),
  };
}
