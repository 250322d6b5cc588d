import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareDataFolder, removeAbandonedData, resetDataFolder } from './data-folder.ts';
import { startPostgres } from './postgres.ts';
import { dataFolders } from './postgres-home.ts';
import { isAlive } from './processes.ts';
import { killWithLifeline, startInChild } from './testing/start-in-child.ts';
import { temporaryRoot } from './testing/temporary-root.ts';

const startedAt = new Date('2026-01-02T03:04:05Z');
const log = () => {};
const postgres = { password: 'password', settings: { fsync: 'off' }, log };

describe('the data folder', { timeout: 60_000 }, () => {
  test('it is closed to others, also when it was open before', () => {
    using root = temporaryRoot();
    mkdirSync(root.dataRoot);
    chmodSync(root.dataRoot, 0o755);
    const folder = prepareDataFolder(root.path, startedAt);
    expect(folder.path).toBe(root.dataRoot);
    expect(statSync(folder.path).mode & 0o067).toBe(0);
    folder.release();
  });

  test('a second start is refused and told pid, address and time of the first', async () => {
    using root = temporaryRoot();
    const starter = await startInChild({ kind: 'folder', root: root.path });
    expect(() => prepareDataFolder(root.path, startedAt)).toThrow(
      new RegExp(
        `already running in ${root.path} as pid ${starter.pid}, at http://127.0.0.1:4000 \\(since 20`,
      ),
    );
    starter.process.kill('SIGINT');
    await starter.exited;
    prepareDataFolder(root.path, startedAt).release();
  });

  test('the same process cannot take it twice either', () => {
    using root = temporaryRoot();
    const folder = prepareDataFolder(root.path, startedAt);
    expect(() => prepareDataFolder(root.path, startedAt)).toThrow(
      `as pid ${process.pid}, at ${root.dataRoot} (since 2026-01-02T03:04:05.000Z)`,
    );
    folder.release();
    folder.release();
    prepareDataFolder(root.path, startedAt).release();
  });

  test('what a killed process held is free at once', async () => {
    using root = temporaryRoot();
    const starter = await startInChild({ kind: 'folder', root: root.path });
    starter.process.kill('SIGKILL');
    await starter.exited;
    prepareDataFolder(root.path, startedAt).release();
  });

  test('a note that names a pid which somebody else has by now stops nobody', () => {
    using root = temporaryRoot();
    const stranger = spawn('sleep', ['600']);
    prepareDataFolder(root.path, startedAt).release();
    const note = { pid: stranger.pid, startedAt: startedAt.toISOString() };
    writeFileSync(join(root.dataRoot, 'running.json'), JSON.stringify(note));
    prepareDataFolder(root.path, startedAt).release();
    stranger.kill('SIGKILL');
  });
});

describe('a reset', { timeout: 60_000 }, () => {
  test('what an earlier folder at the same path left elsewhere, whose secrets are gone with it, is removed', async () => {
    using root = temporaryRoot();
    const folder = prepareDataFolder(root.path, startedAt);
    const { outside } = dataFolders(folder.path);
    mkdirSync(outside, { recursive: true });
    const said: string[] = [];
    await removeAbandonedData(folder, (line) => said.push(line));
    await removeAbandonedData(folder, (line) => said.push(line));
    expect(existsSync(dirname(outside))).toBe(false);
    expect(said).toHaveLength(1);
    folder.release();
  });

  test('it removes everything, also what root keeps outside the folder', async () => {
    using root = temporaryRoot(0o700);
    prepareDataFolder(root.path, startedAt).release();
    const server = await startPostgres({ dataRoot: root.dataRoot, ...postgres });
    await server.stop();
    expect(await resetDataFolder(root.path, log)).toBe(true);
    expect([existsSync(root.dataRoot), existsSync(dirname(server.dataFolder))]).toEqual([false, false]);
    expect(await resetDataFolder(root.path, log)).toBe(false);
    expect(existsSync(root.dataRoot)).toBe(false);
  });

  test('it stops an orphan first', async () => {
    using root = temporaryRoot();
    const starter = await startInChild({ kind: 'postgres', dataRoot: root.dataRoot, ...postgres });
    await killWithLifeline(starter);
    expect(isAlive(starter.pid)).toBe(true);
    await resetDataFolder(root.path, log);
    expect(isAlive(starter.pid)).toBe(false);
    expect(existsSync(root.dataRoot)).toBe(false);
  });

  test('it is refused while an instance runs', async () => {
    using root = temporaryRoot();
    const starter = await startInChild({ kind: 'folder', root: root.path });
    await expect(resetDataFolder(root.path, log)).rejects.toThrow(`already running in ${root.path} as pid`);
    expect(existsSync(root.dataRoot)).toBe(true);
    starter.process.kill('SIGINT');
    await starter.exited;
  });

  test('it is refused while a server runs, and the server goes on', async () => {
    using root = temporaryRoot();
    const server = await startPostgres({ dataRoot: root.dataRoot, ...postgres });
    await expect(resetDataFolder(root.path, log)).rejects.toThrow(/uses the postgres server/);
    expect(isAlive(server.pid)).toBe(true);
    await server.stop();
  });
});
