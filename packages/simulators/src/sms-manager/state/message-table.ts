import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Progress, SubmittedMessage } from '../messages/received-message.ts';
import type { NextStep, Step } from '../processing/advance-message.ts';

export interface MessageRow {
  seq: number;
  message: SubmittedMessage;
  progress: Progress;
}

export interface DueStep extends MessageRow {
  step: Step;
  dueAt: number;
}

/** Which rows of one day to list. Instants are milliseconds since 1970; `before` bounds are not included. */
export interface Listing {
  acceptedFrom: number;
  acceptedBefore: number;
  tag: string | null;
  phoneNumber: string | null;
  afterSeq: number;
  limit: number;
}

export interface MessageTable {
  /** Keeps a message; its step is null when nothing will ever happen to it. */
  insert(message: SubmittedMessage, progress: Progress, next: NextStep): void;
  save(seq: number, progress: Progress, next: NextStep): void;
  /** Returns steps due by the instant, soonest first. */
  dueSteps(now: number, limit: number): DueStep[];
  /** Returns steps of messages whose sending time has come, however far the step itself is away, soonest first. */
  openSteps(now: number, limit: number): DueStep[];
  nextStepAt(): number | null;
  find(id: string): MessageRow | undefined;
  list(listing: Listing): MessageRow[];
  newest(limit: number): MessageRow[];
  after(seq: number, limit: number): MessageRow[];
  /** Counts messages with the same recipient and text, older than the given one. */
  countIdentical(row: MessageRow): number;
}

/** Returns the messages of the state, one row per recipient, with the step each one waits for. */
export function messageTable(database: DatabaseSync): MessageTable {
  const insert = database.prepare(
    `INSERT INTO messages (id, accepted_at, send_at, phone_number, tag, body, submitted, progress, step, step_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const save = database.prepare('UPDATE messages SET progress = ?, step = ?, step_at = ? WHERE seq = ?');
  const nextStepAt = database.prepare('SELECT min(step_at) AS at FROM messages WHERE step_at IS NOT NULL');
  const identical = database.prepare(
    'SELECT count(*) AS count FROM messages WHERE phone_number = ? AND body = ? AND seq < ?',
  );
  const select = (rest: string) => {
    const statement = database.prepare(`SELECT * FROM messages ${rest}`);
    return (...values: SQLInputValue[]) => statement.all(...values);
  };
  const due = select('WHERE step_at <= ? ORDER BY step_at, seq LIMIT ?');
  const open = select('WHERE step_at IS NOT NULL AND send_at <= ? ORDER BY step_at, seq LIMIT ?');
  const byId = select('WHERE id = ?');
  const newest = select('ORDER BY seq DESC LIMIT ?');
  const after = select('WHERE seq > ? ORDER BY seq LIMIT ?');
  const day = select(
    `WHERE accepted_at >= ?1 AND accepted_at < ?2 AND (?3 IS NULL OR tag = ?3)
     AND (?4 IS NULL OR phone_number = ?4) AND seq > ?5 ORDER BY seq LIMIT ?6`,
  );

  return {
    insert: (message, progress, next) => {
      insert.run(
        message.id,
        Date.parse(message.acceptedAt),
        Date.parse(message.sendAt),
        message.phoneNumber,
        message.tag,
        message.body,
        JSON.stringify(message),
        JSON.stringify(progress),
        ...stepColumns(next),
      );
    },
    save: (seq, progress, next) => {
      save.run(JSON.stringify(progress), ...stepColumns(next), seq);
    },
    dueSteps: (now, limit) => due(now, limit).map(toDueStep),
    openSteps: (now, limit) => open(now, limit).map(toDueStep),
    nextStepAt: () => {
      const at = nextStepAt.get()?.at;
      return typeof at === 'number' ? at : null;
    },
    find: (id) => byId(id).map(toMessageRow)[0],
    list: ({ acceptedFrom, acceptedBefore, tag, phoneNumber, afterSeq, limit }) =>
      day(acceptedFrom, acceptedBefore, tag, phoneNumber, afterSeq, limit).map(toMessageRow),
    newest: (limit) => newest(limit).map(toMessageRow),
    after: (seq, limit) => after(seq, limit).map(toMessageRow),
    countIdentical: ({ message, seq }) =>
      Number(identical.get(message.phoneNumber, message.body, seq)?.count ?? 0),
  };
}

function stepColumns(next: NextStep): [string | null, number | null] {
  return next === null ? [null, null] : [JSON.stringify(next.step), next.at];
}

function toMessageRow(row: Record<string, SQLOutputValue>): MessageRow {
  return {
    seq: Number(row.seq),
    message: JSON.parse(String(row.submitted)),
    progress: JSON.parse(String(row.progress)),
  };
}

function toDueStep(row: Record<string, SQLOutputValue>): DueStep {
  return { ...toMessageRow(row), step: JSON.parse(String(row.step)), dueAt: Number(row.step_at) };
}
