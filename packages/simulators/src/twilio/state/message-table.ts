import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { NextStep, Progress, SubmittedMessage } from '../messages/twilio-message.ts';

export interface MessageRow {
  seq: number;
  message: SubmittedMessage;
  progress: Progress;
}

export interface DueStep extends MessageRow {
  step: 'send' | 'end';
  dueAt: number;
}

/** Which rows to list, newest first. Instants are milliseconds since 1970; `before` bounds are not included. */
export interface Listing {
  to: string | null;
  from: string | null;
  sentFrom: number | null;
  sentBefore: number | null;
  createdBefore: number;
  offset: number;
  limit: number;
}

export interface MessageTable {
  insert(message: SubmittedMessage, progress: Progress, next: NextStep): void;
  save(seq: number, progress: Progress, next: NextStep): void;
  /** Returns steps due by the instant, soonest first. */
  dueSteps(now: number, limit: number): DueStep[];
  nextStepAt(): number | null;
  find(sid: string): MessageRow | undefined;
  list(listing: Listing): MessageRow[];
  newest(limit: number): MessageRow[];
  /** Returns messages in the order of their arrival. */
  all(limit: number): MessageRow[];
}

/** Returns the messages of the state with the step each one waits for. */
export function messageTable(database: DatabaseSync): MessageTable {
  const insert = database.prepare(
    `INSERT INTO messages (sid, recipient, sender, created_at, submitted, progress, step, step_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const save = database.prepare(
    'UPDATE messages SET progress = ?, sent_at = ?, sender = coalesce(?, sender), step = ?, step_at = ? WHERE seq = ?',
  );
  const nextStepAt = database.prepare('SELECT min(step_at) AS at FROM messages WHERE step_at IS NOT NULL');
  const select = (rest: string) => {
    const statement = database.prepare(`SELECT * FROM messages ${rest}`);
    return (...values: SQLInputValue[]) => statement.all(...values);
  };
  const due = select('WHERE step_at <= ? ORDER BY step_at, seq LIMIT ?');
  const bySid = select('WHERE sid = ?');
  const newest = select('ORDER BY seq DESC LIMIT ?');
  const oldest = select('ORDER BY seq LIMIT ?');
  // A message that was not sent yet has no date of sending, so no filter by it finds it.
  const page = select(
    `WHERE (?1 IS NULL OR recipient = ?1) AND (?2 IS NULL OR sender = ?2) AND (?3 IS NULL OR sent_at >= ?3)
     AND (?4 IS NULL OR sent_at < ?4) AND created_at < ?5 ORDER BY seq DESC LIMIT ?6 OFFSET ?7`,
  );
  return {
    insert: (message, progress, next) => {
      insert.run(
        message.sid,
        message.to,
        message.from,
        Date.parse(message.createdAt),
        JSON.stringify(message),
        JSON.stringify(progress),
        next?.step ?? null,
        next?.at ?? null,
      );
    },
    save: (seq, progress, next) => {
      const sentAt = progress.sentAt === null ? null : Date.parse(progress.sentAt);
      save.run(JSON.stringify(progress), sentAt, progress.sender, next?.step ?? null, next?.at ?? null, seq);
    },
    dueSteps: (now, limit) =>
      due(now, limit).map((row) => ({
        ...toRow(row),
        step: row.step === 'send' ? 'send' : 'end',
        dueAt: Number(row.step_at),
      })),
    nextStepAt: () => {
      const at = nextStepAt.get()?.at;
      return typeof at === 'number' ? at : null;
    },
    find: (sid) => bySid(sid).map(toRow)[0],
    list: ({ to, from, sentFrom, sentBefore, createdBefore, limit, offset }) =>
      page(to, from, sentFrom, sentBefore, createdBefore, limit, offset).map(toRow),
    newest: (limit) => newest(limit).map(toRow),
    all: (limit) => oldest(limit).map(toRow),
  };
}

function toRow(row: Record<string, SQLOutputValue>): MessageRow {
  return {
    seq: Number(row.seq),
    message: JSON.parse(String(row.submitted)),
    progress: JSON.parse(String(row.progress)),
  };
}
