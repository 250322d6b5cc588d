import pg from 'pg';
import { openSchemaEngine } from '../migrate/schema-engine.ts';

const CONNECT_MS = 10_000;
const QUERY_MS = 60_000;

const DATABASE = 'tollgate';
const APP_ROLE = 'tollgate_app';
const QUEUE_DATABASE = 'tollgate_queue';
const QUEUE_ROLE = 'tollgate_queue';

type Server = { url(database?: string): string };

/**
 * Makes Tollgate's database if it is missing, applies the migrations that are, and lets the role of the services log
 * in. Returns the role's address and the migrations applied now.
 */
export async function prepareDatabase(
  server: Server,
  appRolePassword: string,
): Promise<{ url: string; applied: string[] }> {
  await asOwner(server, (client) => ensureDatabase(client, DATABASE, null));
  const engine = await openSchemaEngine(server.url(DATABASE));
  try {
    const applied = await engine.migrate();
    await asOwner(server, (client) => ensureLogin(client, APP_ROLE, appRolePassword));
    return { url: addressFor(server, APP_ROLE, appRolePassword, DATABASE), applied };
  } finally {
    await engine.close();
  }
}

/** Makes the database for the queues, with a role of its own that sees no other table. Returns its address. */
export async function prepareQueueDatabase(server: Server, password: string): Promise<string> {
  await asOwner(server, async (client) => {
    await ensureLogin(client, QUEUE_ROLE, password);
    await ensureDatabase(client, QUEUE_DATABASE, QUEUE_ROLE);
  });
  return addressFor(server, QUEUE_ROLE, password, QUEUE_DATABASE);
}

async function asOwner(server: Server, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: server.url(),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}

// We hold the lock of the data folder, so nobody makes it between the look and the command.
async function ensureDatabase(client: pg.Client, name: string, owner: string | null): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount !== 0) return;
  await client.query(`CREATE DATABASE ${name}${owner === null ? '' : ` OWNER ${owner}`}`);
}

async function ensureLogin(client: pg.Client, role: string, password: string): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (found.rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}

function addressFor(server: Server, user: string, password: string, database: string): string {
  const url = new URL(server.url(database));
  url.username = user;
  url.password = encodeURIComponent(password);
  return url.href;
}
