import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

// Of two that ask at the same moment one must win, which takes SQLite a second look.
const LOOK_AGAIN_MS = 250;

// A database that nobody refers to is closed by the garbage collector, and its lock with it.
const held = new Set<DatabaseSync>();

/** A lock on a file; the system lets go of it when the process ends, however it ends. */
export type Lock = { release(): void };

/**
 * Takes the lock of `file`, which is created empty, or gives null when a running process (this one included)
 * holds it. SQLite is here only for its file lock, which Node offers nowhere else: a lock that is the content of
 * a file has to guess whether its owner lives. Nothing else may open the file: closing it would drop the lock.
 */
export function takeLock(file: string): Lock | null {
  const database = new DatabaseSync(file, { timeout: LOOK_AGAIN_MS });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // The low byte is the kind; the rest tells kinds of busy apart.
    const kind = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (kind === SQLITE_BUSY) return null;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
