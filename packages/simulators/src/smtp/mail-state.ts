import type { SQLOutputValue } from 'node:sqlite';
import { openDatabase } from '../common/open-database.ts';
import { type SettingTable, settingTable } from '../common/setting-table.ts';
import type { CaughtMail } from './caught-mail.ts';

const keptMax = 10_000;

const schema = `
  CREATE TABLE IF NOT EXISTS mails (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** Everything the catcher remembers: the last 10,000 mails and the faults. */
export interface MailState {
  settings: SettingTable;
  insert(mail: CaughtMail): void;
  find(id: string): CaughtMail | undefined;
  list(order: 'oldest first' | 'newest first', limit: number): CaughtMail[];
  /** Forgets everything. */
  reset(): void;
  close(): void;
}

/** Opens or creates the state in a file, or in memory for `:memory:`. */
export function openMailState(path: string): MailState {
  const { database, transaction } = openDatabase(path, schema);
  const insert = database.prepare('INSERT INTO mails (id, body) VALUES (?, ?)');
  const forget = database.prepare('DELETE FROM mails WHERE seq <= ?');
  const byId = database.prepare('SELECT body FROM mails WHERE id = ?');
  const oldest = database.prepare('SELECT body FROM mails ORDER BY seq LIMIT ?');
  const newest = database.prepare('SELECT body FROM mails ORDER BY seq DESC LIMIT ?');
  return {
    settings: settingTable(database),
    insert: (mail) =>
      transaction(() => {
        const { lastInsertRowid: seq } = insert.run(mail.id, JSON.stringify(mail));
        forget.run(Number(seq) - keptMax);
      }),
    find: (id) => byId.all(id).map(toMail)[0],
    list: (order, limit) => (order === 'oldest first' ? oldest : newest).all(limit).map(toMail),
    reset: () =>
      transaction(() => {
        database.exec('DELETE FROM mails; DELETE FROM settings;');
      }),
    close: () => database.close(),
  };
}

function toMail(row: Record<string, SQLOutputValue>): CaughtMail {
  return JSON.parse(String(row.body));
}
