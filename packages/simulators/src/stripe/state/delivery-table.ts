import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

/** An event to post. */
export interface PendingDelivery {
  seq: number;
  eventId: string;
  /** Milliseconds since 1970. */
  dueAt: number;
  attempts: number;
}

/** What came of one posting of an event; `lost` was never posted, on purpose. */
export interface EventDelivery {
  outcome: 'pending' | 'answered' | 'dropped' | 'lost';
  attempts: number;
  lastAnswer: string | null;
}

export interface DeliveryTable {
  insert(delivery: { eventId: string; dueAt: number; lost: boolean }): void;
  /** Returns pending deliveries due by the instant, soonest first. */
  due(now: number, limit: number): PendingDelivery[];
  /** Returns pending deliveries whenever they are due, soonest first. */
  pending(limit: number): PendingDelivery[];
  answered(seq: number, answer: string): void;
  dropped(seq: number, answer: string): void;
  postponed(seq: number, answer: string, dueAt: number): void;
  ofEvent(eventId: string): EventDelivery[];
}

/** Returns the postings of events: due ones, and what came of the others. */
export function deliveryTable(database: DatabaseSync): DeliveryTable {
  const insert = database.prepare('INSERT INTO deliveries (event_id, due_at, outcome) VALUES (?, ?, ?)');
  const due = database.prepare(
    "SELECT * FROM deliveries WHERE outcome = 'pending' AND due_at <= ? ORDER BY due_at, seq LIMIT ?",
  );
  const pending = database.prepare(
    "SELECT * FROM deliveries WHERE outcome = 'pending' ORDER BY due_at, seq LIMIT ?",
  );
  const record = database.prepare(
    'UPDATE deliveries SET attempts = attempts + 1, outcome = ?, last_answer = ?, due_at = coalesce(?, due_at) WHERE seq = ?',
  );
  const ofEvent = database.prepare('SELECT * FROM deliveries WHERE event_id = ? ORDER BY seq');
  return {
    insert: ({ eventId, dueAt, lost }) => {
      insert.run(eventId, dueAt, lost ? 'lost' : 'pending');
    },
    due: (now, limit) => due.all(now, limit).map(toPendingDelivery),
    pending: (limit) => pending.all(limit).map(toPendingDelivery),
    answered: (seq, answer) => {
      record.run('answered', answer, null, seq);
    },
    dropped: (seq, answer) => {
      record.run('dropped', answer, null, seq);
    },
    postponed: (seq, answer, dueAt) => {
      record.run('pending', answer, dueAt, seq);
    },
    ofEvent: (eventId) => ofEvent.all(eventId).map(toEventDelivery),
  };
}

function toPendingDelivery(row: Record<string, SQLOutputValue>): PendingDelivery {
  return {
    seq: Number(row.seq),
    eventId: String(row.event_id),
    dueAt: Number(row.due_at),
    attempts: Number(row.attempts),
  };
}

function toEventDelivery(row: Record<string, SQLOutputValue>): EventDelivery {
  return {
    outcome: String(row.outcome) as EventDelivery['outcome'],
    attempts: Number(row.attempts),
    lastAnswer: row.last_answer === null ? null : String(row.last_answer),
  };
}
