import type { DatabaseSync } from 'node:sqlite';

export type ContactList = 'blacklist' | 'optout';

export interface ContactTable {
  has(list: ContactList, phoneNumber: string): boolean;
  add(list: ContactList, phoneNumbers: string[]): void;
  /** Returns how many of the numbers were on the list. */
  remove(list: ContactList, phoneNumbers: string[]): number;
  count(list: ContactList): number;
  clear(list: ContactList): void;
}

/** Returns the numbers that must not be written to: `blacklist` for every message, `optout` for promotional ones. */
export function contactTable(database: DatabaseSync): ContactTable {
  const has = database.prepare('SELECT 1 FROM contacts WHERE list = ? AND phone_number = ?');
  const add = database.prepare('INSERT OR IGNORE INTO contacts (list, phone_number) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM contacts WHERE list = ? AND phone_number = ?');
  const count = database.prepare('SELECT count(*) AS count FROM contacts WHERE list = ?');
  const clear = database.prepare('DELETE FROM contacts WHERE list = ?');
  return {
    has: (list, phoneNumber) => has.get(list, phoneNumber) !== undefined,
    add: (list, phoneNumbers) => {
      for (const phoneNumber of phoneNumbers) add.run(list, phoneNumber);
    },
    remove: (list, phoneNumbers) =>
      phoneNumbers.reduce((removed, number) => removed + Number(remove.run(list, number).changes), 0),
    count: (list) => Number(count.get(list)?.count ?? 0),
    clear: (list) => {
      clear.run(list);
    },
  };
}
