import pg from 'pg';
import { openSchemaEngine } from '../../migrate/schema-engine.ts';

// The one-shot job before the services start: migrations as the owner, then a password for the services' role.
const url = process.env.DATABASE_DIRECT_URL;
const password = process.env.TOLLGATE_APP_PASSWORD;

if (!url || !password) {
  console.error('DATABASE_DIRECT_URL (the owner of the tables) and TOLLGATE_APP_PASSWORD are needed.');
  process.exit(2);
}

const engine = await openSchemaEngine(url);
const applied = await engine.migrate();
await engine.close();
console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);

const client = new pg.Client({
  connectionString: url,
  connectionTimeoutMillis: 10_000,
  query_timeout: 10_000,
});
await client.connect();
await client.query(`ALTER ROLE tollgate_app LOGIN PASSWORD ${client.escapeLiteral(password)}`);
await client.end();
console.log('tollgate_app may log in.');

// The engine's ten-second lock timer would keep the process alive.
process.exit(0);
