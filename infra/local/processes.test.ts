import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, isProgramIn, readPid, stopProcess, waitForExit } from './processes.ts';
import { temporaryRoot } from './testing/temporary-root.ts';

const LIMIT_MS = 10_000;
const NODE = /(^|\/)node(\s|$)/;
const POSTGRES = /(^|\/)postgres(:|\s|$)/;

test('a process is recognised by program and folder together, until it is gone', async () => {
  using root = temporaryRoot();
  const child = await spawnIdle(root.path);
  const pid = Number(child.pid);
  expect(isProgramIn(pid, NODE, root.path)).toBe(true);
  expect(isProgramIn(pid, NODE, '/elsewhere')).toBe(false);
  expect(isProgramIn(pid, POSTGRES, root.path)).toBe(false);
  child.kill('SIGKILL');
  expect(await waitForExit(pid, LIMIT_MS)).toBe(true);
  expect(isAlive(pid)).toBe(false);
  expect(isProgramIn(pid, NODE, root.path)).toBe(false);
});

test('waiting for a process that goes on ends at its limit', async () => {
  expect(await waitForExit(process.pid, 50)).toBe(false);
});

test('a signal that is ignored is followed by the next', async () => {
  const child = await spawnIdle('/');
  const ended = once(child, 'exit');
  const steps = [['SIGINT', 100] as const, ['SIGKILL', LIMIT_MS] as const];
  expect(await stopProcess(Number(child.pid), steps)).toBe(true);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('a missing pid file names nobody', () => {
  expect(readPid('/nonexistent/postmaster.pid')).toBeNull();
});

async function spawnIdle(cwd: string): Promise<ChildProcess> {
  const script = "process.on('SIGINT', () => {}); process.stdout.write('ready'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ['-e', script], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}
