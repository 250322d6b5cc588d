import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive, waitForExit } from './processes.ts';
import { killWithLifeline, spawnStarter, startInChild } from './testing/start-in-child.ts';
import { temporaryRoot } from './testing/temporary-root.ts';
import { ask, inChild, readMark, start, withPostgres, writeMark } from './testing/with-postgres.ts';
import { waitUntil } from './wait-until.ts';

const LIMIT_MS = 30_000;

describe('after a kill -9', { timeout: 90_000 }, () => {
  test('of the starter, the server stops by itself', async () => {
    using root = temporaryRoot();
    const starter = await startInChild(inChild(root.dataRoot));
    starter.process.kill('SIGKILL');
    expect(await waitForExit(starter.pid, LIMIT_MS)).toBe(true);
    expect(await waitForExit(starter.lifelinePid, LIMIT_MS)).toBe(true);
  });

  test('of the starter and everything beside the server, the next start stops the orphan and finds its data', async () => {
    using root = temporaryRoot();
    const starter = await startInChild(inChild(root.dataRoot));
    await writeMark(starter.url);
    await killWithLifeline(starter);
    expect(isAlive(starter.pid)).toBe(true);
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(isAlive(starter.pid)).toBe(false);
      expect(await readMark(server.url())).toBe('kept');
    });
  });

  test('of the server in the middle of a query, the next start succeeds', async () => {
    using root = temporaryRoot();
    const server = await start({ dataRoot: root.dataRoot });
    await writeMark(server.url());
    const query = ask(server.url(), 'SELECT pg_sleep(60)').catch((error: unknown) => error);
    const busy = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    expect(await waitUntil(LIMIT_MS, async () => (await ask(server.url(), busy)).length === 1)).toBe(true);
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toBe('signal SIGKILL');
    await withPostgres({ dataRoot: root.dataRoot }, async (next) => {
      expect(await readMark(next.url())).toBe('kept');
    });
    expect(await query).toBeInstanceOf(Error);
  });

  test('of the starter while it makes the data folder, the next start makes it anew', async () => {
    using root = temporaryRoot();
    const child = spawnStarter(inChild(root.dataRoot));
    const isHalfMade = () => existsSync(root.dataRoot) && findDrafts(root.dataRoot).length > 0;
    expect(await waitUntil(LIMIT_MS, isHalfMade)).toBe(true);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await withPostgres({ dataRoot: root.dataRoot }, async (server) => {
      expect(server.isNew).toBe(true);
      expect(findDrafts(root.dataRoot)).toEqual([]);
    });
  });

  test('a stale postmaster.pid that names a stranger by now does the stranger no harm', async () => {
    using root = temporaryRoot();
    const pidFile = join(root.dataRoot, 'postgres', 'postmaster.pid');
    const first = await start({ dataRoot: root.dataRoot });
    const content = readFileSync(pidFile, 'utf8');
    await first.stop();
    const stranger = spawn('sleep', ['600']);
    writeFileSync(pidFile, content.replace(/^\d+/, String(stranger.pid)));
    await withPostgres({ dataRoot: root.dataRoot }, async () => {
      expect(isAlive(Number(stranger.pid))).toBe(true);
    });
    stranger.kill('SIGKILL');
  });
});

test('Ctrl-C reaches only the starter, which stops the server in order', { timeout: 90_000 }, async () => {
  using root = temporaryRoot();
  const starter = await startInChild(inChild(root.dataRoot));
  // What a terminal does: the signal goes to every process of the foreground group.
  process.kill(-Number(starter.process.pid), 'SIGINT');
  await starter.exited;
  expect(starter.lines.slice(1)).toEqual(['the server still runs', 'stopped']);
  expect(isAlive(starter.pid)).toBe(false);
});

function findDrafts(dataRoot: string): string[] {
  return readdirSync(dataRoot).filter((name) => name.startsWith('postgres.new'));
}
