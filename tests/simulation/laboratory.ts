import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { TestServers } from '@tollgate/shared/testing/test-servers.ts';
import pg from 'pg';
import { startSimulators } from './outside.ts';
import type { Laboratory } from './run-seed.ts';

/** What the migrations bring and no run changes. */
const keptTables = ['plans', 'plan_prices', 'sms_prices', 'meters', 'vat_rates', '_prisma_migrations'];

const CONNECTIONS = 4;

/** A database and simulators of a worker's own, for one run after another. */
export async function openLaboratory(
  { serverUrl, template, appPassword }: TestServers,
  name: string,
): Promise<Laboratory & { close(): Promise<void> }> {
  await runOnServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const ownerUrl = Object.assign(new URL(serverUrl), { pathname: name }).href;
  const appUrl = Object.assign(new URL(ownerUrl), { username: 'tollgate_app', password: appPassword }).href;
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const tables = await listTables(owner);
  // An analyze in mid-run would change plans, and with them the order of rows.
  for (const table of tables) await owner.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);

  // A connection that were opened anew in mid-run would draw from the seed's bytes.
  const pool = new pg.Pool({ connectionString: appUrl, max: CONNECTIONS, idleTimeoutMillis: 0 });
  const opened = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()));
  for (const connection of opened) connection.release();
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  await prisma.$queryRaw`SELECT 1`;
  const time = { ms: 0 };
  const simulators = await startSimulators(() => new Date(time.ms));
  return {
    prisma,
    simulators,
    time,
    async emptyDatabase() {
      const used = await owner.query<{ name: string }>(
        'SELECT name FROM unnest($1::text[]) AS name WHERE pg_relation_size(name::regclass) > 0',
        [tables],
      );
      const names = used.rows.map(({ name }) => name);
      if (names.length > 0) await owner.query(`TRUNCATE ${names.join(', ')} CASCADE`);
    },
    async close() {
      await simulators.close();
      await prisma.$disconnect();
      await pool.end();
      await owner.end();
      await runOnServer(serverUrl, `DROP DATABASE ${name}`);
    },
  };
}

async function listTables(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY ($1) ORDER BY 1`,
    [keptTables],
  );
  return rows.map(({ name }) => name);
}

async function runOnServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
