import { openDatabase } from '../../common/open-database.ts';
import { type SettingTable, settingTable } from '../../common/setting-table.ts';
import { type AnswerTable, answerTable } from './answer-table.ts';
import { type DeliveryTable, deliveryTable } from './delivery-table.ts';
import { type ObjectTable, objectTable } from './object-table.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL,
    customer TEXT GENERATED ALWAYS AS (json_extract(body, '$.customer')) VIRTUAL,
    invoice TEXT GENERATED ALWAYS AS (json_extract(body, '$.invoice')) VIRTUAL,
    UNIQUE (id, kind)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
  CREATE INDEX IF NOT EXISTS objects_by_customer ON objects (kind, customer, seq) WHERE customer IS NOT NULL;
  CREATE INDEX IF NOT EXISTS objects_by_invoice ON objects (kind, invoice, seq) WHERE invoice IS NOT NULL;
  CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT NOT NULL,
    kept_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL,
    last_answer TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at, seq) WHERE outcome = 'pending';
  CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event_id, seq);
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** Everything the simulator remembers. */
export interface State {
  objects: ObjectTable;
  answers: AnswerTable;
  deliveries: DeliveryTable;
  settings: SettingTable;
  /** Runs the work so that either all of its writes survive or none. */
  transaction<Result>(work: () => Result): Result;
  /** Forgets everything. */
  reset(): void;
  close(): void;
}

/** Opens or creates the state in a file, or in memory for `:memory:`. */
export function openState(path: string): State {
  const { database, transaction } = openDatabase(path, schema);
  return {
    objects: objectTable(database),
    answers: answerTable(database),
    deliveries: deliveryTable(database),
    settings: settingTable(database),
    transaction,
    reset: () =>
      transaction(() => {
        database.exec(
          'DELETE FROM objects; DELETE FROM answers; DELETE FROM deliveries; DELETE FROM settings;',
        );
      }),
    close: () => database.close(),
  };
}
