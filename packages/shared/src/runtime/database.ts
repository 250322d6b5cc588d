import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { SECOND_MS } from '../time/durations.ts';

/** A client that can run statements: the process's own or a transaction's. */
export type Db = Prisma.TransactionClient;

export type Database = {
  prisma: PrismaClient;
  pool: pg.Pool;
  /** Resolves when the database answers within two seconds; throws otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  /** Name shown in pg_stat_activity. */
  applicationName: string;
  connectionsMax?: number;
};

/** Opens the process's one pool; nothing connects before the first statement. */
export function openDatabase({ url, applicationName, connectionsMax = 10 }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: connectionsMax,
    connectionTimeoutMillis: 5 * SECOND_MS,
    idleTimeoutMillis: 30 * SECOND_MS,
    statement_timeout: 30 * SECOND_MS,
    idle_in_transaction_session_timeout: 60 * SECOND_MS,
  });
  // Without a listener a connection that the server ended while idle would end the process.
  pool.on('error', () => undefined);
  // The other formats quote our source code in every error.
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  return {
    prisma,
    pool,
    async ping() {
      const query: pg.QueryConfig & { query_timeout: number } = {
        text: 'SELECT 1',
        query_timeout: 2 * SECOND_MS,
      };
      await pool.query(query);
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
