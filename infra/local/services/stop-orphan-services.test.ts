import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../processes.ts';
import { temporaryRoot } from '../testing/temporary-root.ts';
import { stopOrphanServices } from './stop-orphan-services.ts';

test('what an earlier run left at work in the folder is stopped, and its pid file goes', async () => {
  using root = temporaryRoot();
  const folder = join(root.path, 'services');
  mkdirSync(folder);
  const orphan = await spawnIdle(folder);
  const pidFile = join(folder, 'api.pid');
  writeFileSync(pidFile, `${orphan.pid}\n`);
  const said: string[] = [];
  await stopOrphanServices(folder, (line) => said.push(line));
  expect(isAlive(Number(orphan.pid))).toBe(false);
  expect(existsSync(pidFile)).toBe(false);
  expect(said.join()).toContain(`pid ${orphan.pid}`);
});

test('a stale pid file that names somebody else by now does that one no harm', async () => {
  using root = temporaryRoot();
  const folder = join(root.path, 'services');
  mkdirSync(folder);
  const stranger = await spawnIdle(root.path);
  writeFileSync(join(folder, 'api.pid'), `${stranger.pid}\n`);
  await stopOrphanServices(folder, () => {});
  expect(isAlive(Number(stranger.pid))).toBe(true);
  stranger.kill('SIGKILL');
});

test('without an earlier run there is nothing to do', async () => {
  await stopOrphanServices('/nonexistent/services', () => {});
});

async function spawnIdle(cwd: string): Promise<ChildProcess> {
  const script = "process.stdout.write('ready'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ['-e', script], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}
