import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/** A lock on a file; the system lets go of it when the process ends, however it ends. */
export type Lock = { release(): void };

/**
 * Takes the lock of `file`, which is created empty, or gives null when a running process (this one included)
 * holds it. SQLite is here only for its file lock, which Node offers nowhere else: a lock that is the content of
 * a file has to guess whether its owner lives. Nothing else may open the file: closing it would drop the lock.
 */
export function takeLock(file: string): Lock | null {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}
