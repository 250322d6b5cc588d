import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import pg from 'pg';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openSchemaEngine } from '../schema-engine.ts';

const database = await createTestDatabase();
afterAll(database.close);

const repositoryMigrations = join(import.meta.dirname, '../../../prisma/migrations');
const upToDate = { pending: [], edited: [], failed: [] };

/** The repository's migrations in a folder of their own, to add to. */
function copyOfMigrations() {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(repositoryMigrations, folder, { recursive: true });
  return {
    folder,
    add(name: string, sql: string) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'migration.sql'), sql);
    },
  };
}

async function open(url: string, folder?: string) {
  const engine = await openSchemaEngine(url, folder);
  onTestFinished(() => engine.close());
  return engine;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the migrations', () => {
  test('lead exactly to the schema files', async () => {
    const engine = await open(database.ownerUrl);
    expect(await engine.diff()).toBe('');
  });

  test('are applied once: a second run finds nothing to do', async () => {
    const engine = await open(database.ownerUrl);
    const applied = 'SELECT id, finished_at FROM _prisma_migrations';
    const before = await ask(database.ownerUrl, applied);
    expect(await engine.status()).toEqual(upToDate);
    expect(await engine.migrate()).toEqual([]);
    expect(await ask(database.ownerUrl, applied)).toEqual(before);
  });

  test('leave no shadow database behind', async () => {
    const engine = await open(database.ownerUrl);
    await engine.diff();
    const shadows = "SELECT datname FROM pg_database WHERE datname LIKE 'tollgate_shadow_%'";
    expect(await ask(database.ownerUrl, shadows)).toEqual([]);
  });

  test('that are new are pending, then applied; edited afterwards, they are told', async () => {
    const own = await createTestDatabase();
    const { folder, add } = copyOfMigrations();
    const engine = await openSchemaEngine(own.ownerUrl, folder);
    add('20990101000000_add', 'CREATE TABLE added (id int);');
    expect(await engine.status()).toEqual({ ...upToDate, pending: ['20990101000000_add'] });
    expect(await engine.migrate()).toEqual(['20990101000000_add']);
    expect(await engine.status()).toEqual(upToDate);
    writeFileSync(join(folder, '20990101000000_add', 'migration.sql'), 'CREATE TABLE other (id int);');
    expect(await engine.status()).toEqual({ ...upToDate, edited: ['20990101000000_add'] });
    await engine.close();
    await own.close();
  });

  test('that fail leave nothing behind, are told, and stop the next run', async () => {
    const own = await createTestDatabase();
    const { folder, add } = copyOfMigrations();
    const engine = await openSchemaEngine(own.ownerUrl, folder);
    add('20990101000000_break', 'CREATE TABLE half (id int);\nINSERT INTO half VALUES (1);\nSELECT 1 / 0;');
    await expect(engine.migrate()).rejects.toThrow(/20990101000000_break/);
    expect(await ask(own.ownerUrl, "SELECT to_regclass('half')::text AS found")).toEqual([{ found: null }]);
    expect(await engine.status()).toMatchObject({ failed: ['20990101000000_break'] });
    await expect(engine.migrate()).rejects.toThrow();
    await engine.close();
    await own.close();
  });
});

describe('the command', () => {
  function run(command: string, env: Record<string, string>): Promise<{ code: unknown; output: string }> {
    const program = join(import.meta.dirname, '../main.ts');
    return new Promise((resolve) => {
      execFile(process.execPath, [program, command], { env, timeout: 15_000 }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, output: stdout + stderr }),
      );
    });
  }

  test.each([
    ['migrate', 'The database is up to date.\n'],
    ['status', 'The database is up to date.\n'],
    ['diff', 'Schema and migrations agree.\n'],
  ])('%s says that all is well, and ends with 0', async (command, output) => {
    expect(await run(command, { DATABASE_URL: database.ownerUrl })).toEqual({ code: 0, output });
  });

  test('without an address, or unknown, it says what to do and ends with 2', async () => {
    expect(await run('migrate', {})).toMatchObject({
      code: 2,
      output: expect.stringContaining('DATABASE_DIRECT_URL'),
    });
    expect(await run('push', {})).toMatchObject({
      code: 2,
      output: expect.stringContaining('migrate, status or diff'),
    });
  });
});
