import { DatabaseSync } from 'node:sqlite';

export interface OpenDatabase {
  database: DatabaseSync;
  /** Runs the work so that either all of its writes survive or none. */
  transaction<Result>(work: () => Result): Result;
}

/** Opens or creates a database in a file, or in memory for `:memory:`, and makes its tables. */
export function openDatabase(path: string, schema: string): OpenDatabase {
  const database = new DatabaseSync(path);
  // A predecessor that is still dying may hold the file for a moment.
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(schema);
  return {
    database,
    transaction: (work) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}
