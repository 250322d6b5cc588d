import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CallbackAnswer, ReportResult } from '../messages/received-message.ts';

/** A webhook to post. */
export interface PendingReport {
  seq: number;
  messageId: string;
  result: ReportResult;
  url: string;
  body: string;
  /** The value of X-Request-Id, the same for every attempt. */
  requestId: string;
  dueAt: number;
  attempts: number;
}

export type NewReport = Omit<PendingReport, 'seq' | 'attempts'> & { lost: boolean };

export interface ReportTable {
  insert(report: NewReport): void;
  /** Returns pending reports due by the instant, soonest first. */
  due(now: number, limit: number): PendingReport[];
  /** Returns pending reports whenever they are due, soonest first. */
  pending(limit: number): PendingReport[];
  answered(seq: number, answer: string): void;
  dropped(seq: number, answer: string): void;
  postponed(seq: number, answer: string, dueAt: number): void;
  ofMessage(messageId: string): CallbackAnswer[];
}

/** Returns the webhooks of the state: due ones, and what came of the others. */
export function reportTable(database: DatabaseSync): ReportTable {
  const insert = database.prepare(
    'INSERT INTO reports (message_id, result, url, body, request_id, due_at, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const due = database.prepare(
    "SELECT * FROM reports WHERE outcome = 'pending' AND due_at <= ? ORDER BY due_at, seq LIMIT ?",
  );
  const pending = database.prepare(
    "SELECT * FROM reports WHERE outcome = 'pending' ORDER BY due_at, seq LIMIT ?",
  );
  const record = database.prepare(
    'UPDATE reports SET attempts = attempts + 1, outcome = ?, last_answer = ?, due_at = coalesce(?, due_at) WHERE seq = ?',
  );
  const ofMessage = database.prepare(
    'SELECT result, attempts, outcome, last_answer FROM reports WHERE message_id = ? ORDER BY seq',
  );
  return {
    insert: (report) => {
      const outcome = report.lost ? 'lost' : 'pending';
      insert.run(
        report.messageId,
        report.result,
        report.url,
        report.body,
        report.requestId,
        report.dueAt,
        outcome,
      );
    },
    due: (now, limit) => due.all(now, limit).map(toPendingReport),
    pending: (limit) => pending.all(limit).map(toPendingReport),
    answered: (seq, answer) => {
      record.run('answered', answer, null, seq);
    },
    dropped: (seq, answer) => {
      record.run('dropped', answer, null, seq);
    },
    postponed: (seq, answer, dueAt) => {
      record.run('pending', answer, dueAt, seq);
    },
    ofMessage: (messageId) => ofMessage.all(messageId).map(toCallbackAnswer),
  };
}

function toPendingReport(row: Record<string, SQLOutputValue>): PendingReport {
  return {
    seq: Number(row.seq),
    messageId: String(row.message_id),
    result: String(row.result) as ReportResult,
    url: String(row.url),
    body: String(row.body),
    requestId: String(row.request_id),
    dueAt: Number(row.due_at),
    attempts: Number(row.attempts),
  };
}

function toCallbackAnswer(row: Record<string, SQLOutputValue>): CallbackAnswer {
  return {
    result: String(row.result) as ReportResult,
    attempts: Number(row.attempts),
    outcome: String(row.outcome) as CallbackAnswer['outcome'],
    lastAnswer: row.last_answer === null ? null : String(row.last_answer),
  };
}
