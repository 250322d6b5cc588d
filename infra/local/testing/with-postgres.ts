import pg from 'pg';
import { type LocalPostgres, type StartPostgresOptions, startPostgres } from '../postgres.ts';
import type { StarterOptions } from './start-in-child.ts';

const CONNECT_MS = 30_000;

const password = "a password's \\ / @ signs";

export const settings = { fsync: 'off' };

/** Starts a PostgreSQL that skips the costs of surviving a power cut. */
export function start(options: Partial<StartPostgresOptions> & { dataRoot: string }): Promise<LocalPostgres> {
  return startPostgres({ password, settings, log: () => {}, ...options });
}

/** Starts one for the time of `use`. */
export async function withPostgres(
  options: Partial<StartPostgresOptions> & { dataRoot: string },
  use: (server: LocalPostgres) => Promise<unknown>,
): Promise<void> {
  const server = await start(options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

/** What makes the starter program start the same. */
export function inChild(dataRoot: string): StarterOptions {
  return { kind: 'postgres', dataRoot, password, settings };
}

/** The rows that a statement gives over a connection of its own. */
export async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Leaves something in the database that `readMark` finds. */
export async function writeMark(url: string): Promise<void> {
  await ask(url, "CREATE TABLE mark AS SELECT 'kept' AS text");
}

/** What `writeMark` left: "kept". Throws when it is not there. */
export async function readMark(url: string): Promise<unknown> {
  const [row] = (await ask(url, 'SELECT text FROM mark')) as { text: string }[];
  return row?.text;
}
