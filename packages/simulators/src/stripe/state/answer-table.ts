import type { DatabaseSync } from 'node:sqlite';

/** The answer to a write, kept under its idempotency key. */
export interface StoredAnswer {
  status: number;
  body: string;
  requestId: string;
}

export interface AnswerTable {
  /** Returns the answer kept under a key since the instant (milliseconds since 1970), and what was asked. */
  find(key: string, since: number): (StoredAnswer & { requestHash: string }) | undefined;
  /** Keeps an answer, in place of an expired one. */
  keep(key: string, requestHash: string, answer: StoredAnswer, at: number): void;
}

/** Returns the answers kept under idempotency keys. */
export function answerTable(database: DatabaseSync): AnswerTable {
  const find = database.prepare('SELECT * FROM answers WHERE key = ? AND kept_at > ?');
  const keep = database.prepare(
    'INSERT OR REPLACE INTO answers (key, request_hash, status, body, request_id, kept_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    find: (key, since) => {
      const row = find.get(key, since);
      if (row === undefined) return undefined;
      return {
        requestHash: String(row.request_hash),
        status: Number(row.status),
        body: String(row.body),
        requestId: String(row.request_id),
      };
    },
    keep: (key, requestHash, { status, body, requestId }, at) => {
      keep.run(key, requestHash, status, body, requestId, at);
    },
  };
}
