import type { DatabaseSync } from 'node:sqlite';

export interface SettingTable {
  /** Returns the JSON value kept under a name, or undefined. */
  read(name: string): unknown;
  write(name: string, value: unknown): void;
}

/** Returns the named JSON values of the state. */
export function settingTable(database: DatabaseSync): SettingTable {
  const read = database.prepare('SELECT value FROM settings WHERE name = ?');
  const write = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  return {
    read: (name) => {
      const row = read.get(name);
      return row === undefined ? undefined : JSON.parse(String(row.value));
    },
    write: (name, value) => {
      write.run(name, JSON.stringify(value));
    },
  };
}
