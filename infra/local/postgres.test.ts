import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFreePort } from './free-port.ts';
import { isAlive, waitForExit } from './processes.ts';
import { startInChild } from './testing/start-in-child.ts';
import { temporaryRoot } from './testing/temporary-root.ts';
import { ask, inChild, readMark, settings, start, withPostgres, writeMark } from './testing/with-postgres.ts';

const LIMIT_MS = 30_000;

describe('the embedded PostgreSQL', { timeout: 90_000 }, () => {
  test('a fresh start gives a UTF-8 database with the builtin C.UTF-8 locale and 200 connections', async () => {
    using root = temporaryRoot();
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(server.isNew).toBe(true);
      expect(await localeOf(server.url())).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' });
      expect(await ask(server.url(), 'SHOW max_connections')).toEqual([{ max_connections: '200' }]);
    });
  });

  test('it can be reached through 127.0.0.1 only, and only with the password', async () => {
    using root = temporaryRoot();
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(await ask(server.url(), 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
      expect(await ask(server.url(), 'SHOW unix_socket_directories')).toEqual([
        { unix_socket_directories: '' },
      ]);
      const wrong = new URL(server.url());
      wrong.password = 'wrong';
      await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    });
  });

  test('a second start finds the data of the first', async () => {
    using root = temporaryRoot();
    await withPostgres({ dataRoot: root.dataRoot }, (server) => writeMark(server.url()));
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(server.isNew).toBe(false);
      expect(await readMark(server.url())).toBe('kept');
    });
  });

  test('stopping twice is harmless and leaves no process', async () => {
    using root = temporaryRoot();
    const server = await start({ dataRoot: root.dataRoot });
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(await server.exited).toBe('exit code 0');
    expect(await waitForExit(server.lifelinePid, LIMIT_MS)).toBe(true);
    expect(isAlive(server.pid)).toBe(false);
  });

  test('two in two folders at once do not interfere', async () => {
    using first = temporaryRoot();
    using second = temporaryRoot();
    await withPostgres({ dataRoot: first.dataRoot }, async (one) => {
      await withPostgres({ dataRoot: second.dataRoot }, async (two) => {
        expect(two.port).not.toBe(one.port);
        await writeMark(two.url());
      });
      await expect(readMark(one.url())).rejects.toMatchObject({ code: '42P01' });
    });
  });

  test('a folder in use by a running process is refused, and its server goes on', async () => {
    using root = temporaryRoot();
    const starter = await startInChild(inChild(root.dataRoot));
    await expect(start({ dataRoot: root.dataRoot })).rejects.toThrow(/already uses the PostgreSQL/);
    expect(await ask(starter.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    starter.process.kill('SIGINT');
    await starter.exited;
  });

  test('a port that is taken after it was chosen is given up for another', async () => {
    using root = temporaryRoot();
    const { port: taken, close } = await takePort();
    const ports = [taken, await findFreePort()];
    const findPort = async () => ports.shift() ?? 0;
    await withPostgres({ dataRoot: root.dataRoot, findPort }, async (server) => {
      expect(server.port).not.toBe(taken);
      expect(ports).toEqual([]);
    });
    await close();
  });

  test('a failed start names the step and shows the last lines of the log', async () => {
    using root = temporaryRoot();
    const bad = { ...settings, shared_buffers: 'plenty' };
    await expect(start({ dataRoot: root.dataRoot, settings: bad })).rejects.toThrow(
      /^Starting PostgreSQL in .* failed: .* ended with exit code 1\. [\s\S]*shared_buffers/,
    );
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => expect(server.isNew).toBe(false));
  });

  test('data under another password is left alone, with the way out in the error', async () => {
    using root = temporaryRoot();
    await withPostgres({ dataRoot: root.dataRoot }, (server) => writeMark(server.url()));
    await expect(start({ dataRoot: root.dataRoot, password: 'another' })).rejects.toThrow(/npm run reset/);
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(await readMark(server.url())).toBe('kept');
    });
  });

  test('data of another major version is refused, with the way out in the error', async () => {
    using root = temporaryRoot();
    mkdirSync(join(root.dataRoot, 'postgres'), { recursive: true });
    writeFileSync(join(root.dataRoot, 'postgres', 'PG_VERSION'), '17\n');
    await expect(start({ dataRoot: root.dataRoot })).rejects.toThrow(/made by PostgreSQL 17.*npm run reset/);
  });

  test.each([
    ['without LANG and LC_ALL', {}],
    ['under a locale that does not exist', { LANG: 'xx_XX.NONE', LC_ALL: 'xx_XX.NONE' }],
    ['under PGDATA and PGPORT of the shell', { PGDATA: '/nonexistent', PGPORT: '1', PGHOST: 'nowhere' }],
  ])('%s the database is the same', async (_name, env) => {
    using root = temporaryRoot();
    const starter = await startInChild(inChild(root.dataRoot), env);
    expect(await localeOf(starter.url)).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' });
    starter.process.kill('SIGINT');
    await starter.exited;
  });

  test('below a folder that only its owner can enter it works, for root too', async () => {
    using root = temporaryRoot(0o700);
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      const isRoot = process.getuid?.() === 0;
      const place = isRoot ? /^\/var\/tmp\/tollgate-[0-9a-f]{16}\/postgres$/ : /\.tollgate\/postgres$/;
      expect(server.dataFolder).toMatch(place);
      const { mode, uid } = statSync(server.dataFolder);
      expect(mode & 0o777).toBe(0o700);
      expect(uid).not.toBe(0);
      await writeMark(server.url());
    });
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(await readMark(server.url())).toBe('kept');
    });
  });
});

async function localeOf(url: string): Promise<unknown> {
  const [row] = await ask(
    url,
    `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale
       FROM pg_database WHERE datname = current_database()`,
  );
  return row;
}

function takePort(): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      resolve({ port, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
