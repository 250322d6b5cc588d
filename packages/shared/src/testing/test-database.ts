import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase } from '../runtime/database.ts';
import { testServers } from './test-servers.ts';

export type TestDatabase = Pick<Database, 'prisma' | 'pool'> & {
  /** As tollgate_app, like the services. */
  url: string;
  /** As the superuser, who owns the tables. */
  ownerUrl: string;
  /** Drops the database; throws when somebody else still has a connection to it. */
  close(): Promise<void>;
};

/** A migrated, empty database of its own, cloned from the template of the run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { serverUrl, template, appPassword } = testServers();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const ownerUrl = Object.assign(new URL(serverUrl), { pathname: name }).href;
  const url = Object.assign(new URL(ownerUrl), { username: 'tollgate_app', password: appPassword }).href;
  const { prisma, pool, close } = openDatabase({ url, applicationName: 'tollgate-test' });
  return {
    prisma,
    pool,
    url,
    ownerUrl,
    async close() {
      await close();
      // Without FORCE: a connection that a test left open fails the test.
      await runOnServer(serverUrl, `DROP DATABASE ${name}`);
    },
  };
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
