import { openDatabase } from '../../common/open-database.ts';
import { type SettingTable, settingTable } from '../../common/setting-table.ts';
import { type ContactTable, contactTable } from './contact-table.ts';
import { type MessageTable, messageTable } from './message-table.ts';
import { type ReportTable, reportTable } from './report-table.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    accepted_at INTEGER NOT NULL,
    send_at INTEGER NOT NULL,
    phone_number TEXT NOT NULL,
    tag TEXT NOT NULL,
    body TEXT NOT NULL,
    submitted TEXT NOT NULL,
    progress TEXT NOT NULL,
    step TEXT,
    step_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_due ON messages (step_at, seq) WHERE step_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS messages_by_day ON messages (accepted_at, seq);
  CREATE INDEX IF NOT EXISTS messages_by_phone ON messages (phone_number, seq);
  CREATE TABLE IF NOT EXISTS reports (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL,
    result TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL,
    last_answer TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS reports_due ON reports (due_at, seq) WHERE outcome = 'pending';
  CREATE INDEX IF NOT EXISTS reports_by_message ON reports (message_id, seq);
  CREATE TABLE IF NOT EXISTS contacts (
    list TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    PRIMARY KEY (list, phone_number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** Everything the simulator remembers. */
export interface State {
  messages: MessageTable;
  reports: ReportTable;
  contacts: ContactTable;
  settings: SettingTable;
  /** Runs the work so that either all of its writes survive or none. */
  transaction<Result>(work: () => Result): Result;
  /** Forgets everything. */
  reset(): void;
  /** Forgets messages accepted before the instant, with their reports. */
  forgetBefore(instant: Date): void;
  close(): void;
}

/** Opens or creates the state in a file, or in memory for `:memory:`. */
export function openState(path: string): State {
  const { database, transaction } = openDatabase(path, schema);
  const forgetReports = database.prepare(
    'DELETE FROM reports WHERE message_id IN (SELECT id FROM messages WHERE accepted_at < ?)',
  );
  const forgetMessages = database.prepare('DELETE FROM messages WHERE accepted_at < ?');

  return {
    messages: messageTable(database),
    reports: reportTable(database),
    contacts: contactTable(database),
    settings: settingTable(database),
    transaction,
    reset: () =>
      transaction(() => {
        database.exec(
          'DELETE FROM reports; DELETE FROM messages; DELETE FROM contacts; DELETE FROM settings;',
        );
      }),
    forgetBefore: (instant) =>
      transaction(() => {
        forgetReports.run(instant.getTime());
        forgetMessages.run(instant.getTime());
      }),
    close: () => database.close(),
  };
}
