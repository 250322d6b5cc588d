import { openDatabase } from '../../common/open-database.ts';
import { type SettingTable, settingTable } from '../../common/setting-table.ts';
import type { ReceivedMessage } from '../messages/twilio-message.ts';
import { type CallbackTable, callbackTable } from './callback-table.ts';
import { type MessageRow, type MessageTable, messageTable } from './message-table.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    sender TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    submitted TEXT NOT NULL,
    progress TEXT NOT NULL,
    step TEXT,
    step_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_due ON messages (step_at, seq) WHERE step_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient, seq);
  CREATE TABLE IF NOT EXISTS callbacks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL,
    status TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL,
    last_answer TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS callbacks_due ON callbacks (due_at, seq) WHERE outcome = 'pending';
  CREATE INDEX IF NOT EXISTS callbacks_by_message ON callbacks (sid, seq);
  CREATE TABLE IF NOT EXISTS opt_outs (recipient TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** Everything the simulator remembers. */
export interface State {
  messages: MessageTable;
  callbacks: CallbackTable;
  settings: SettingTable;
  /** Those who answered STOP, until they answer START. */
  optOuts: { has(recipient: string): boolean; set(recipient: string, isOut: boolean): void };
  /** Runs the work so that either all of its writes survive or none. */
  transaction<Result>(work: () => Result): Result;
  /** Returns a row with what came of its callbacks. */
  describe(row: MessageRow): ReceivedMessage;
  /** Forgets everything. */
  reset(): void;
  /** Forgets messages taken before the instant, with their callbacks. */
  forgetBefore(instant: Date): void;
  close(): void;
}

/** Opens or creates the state in a file, or in memory for `:memory:`. */
export function openState(path: string): State {
  const { database, transaction } = openDatabase(path, schema);
  const isOut = database.prepare('SELECT 1 FROM opt_outs WHERE recipient = ?');
  const add = database.prepare('INSERT OR IGNORE INTO opt_outs (recipient) VALUES (?)');
  const remove = database.prepare('DELETE FROM opt_outs WHERE recipient = ?');
  const forgetCallbacks = database.prepare(
    'DELETE FROM callbacks WHERE sid IN (SELECT sid FROM messages WHERE created_at < ?)',
  );
  const forgetMessages = database.prepare('DELETE FROM messages WHERE created_at < ?');
  const callbacks = callbackTable(database);
  return {
    messages: messageTable(database),
    callbacks,
    settings: settingTable(database),
    optOuts: {
      has: (recipient) => isOut.get(recipient) !== undefined,
      set: (recipient, out) => {
        (out ? add : remove).run(recipient);
      },
    },
    transaction,
    describe: ({ message, progress }) => ({
      ...message,
      ...progress,
      callbackAnswers: callbacks.ofMessage(message.sid),
    }),
    reset: () =>
      transaction(() => {
        database.exec(
          'DELETE FROM callbacks; DELETE FROM messages; DELETE FROM opt_outs; DELETE FROM settings;',
        );
      }),
    forgetBefore: (instant) =>
      transaction(() => {
        forgetCallbacks.run(instant.getTime());
        forgetMessages.run(instant.getTime());
      }),
    close: () => database.close(),
  };
}
