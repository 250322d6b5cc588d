import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../processes.ts';
import { type TemporaryRoot, temporaryRoot } from '../testing/temporary-root.ts';
import { waitUntil } from '../wait-until.ts';
import type { ServiceDefinition } from './definitions.ts';
import { keepRunning } from './keep-running.ts';
import { launchService } from './launch-service.ts';

const LIMIT_MS = 20_000;
const READY = `console.log(JSON.stringify({ msg: 'ready', seen: Object.keys(process.env) }));`;
// macOS adds one of its own.
const isOfTheSystem = (name: unknown) => String(name).startsWith('__CF_');
const STAY = 'setInterval(() => {}, 1000);';

test('a service sees its own environment and nothing else, and ends when it is stopped', async () => {
  using root = temporaryRoot();
  const { definition, deps } = define(root, READY + STAY);
  const launched = await launchService(definition, deps);
  const { seen } = launched.ready;
  expect(Array.isArray(seen) && seen.filter((name) => !isOfTheSystem(name)).toSorted()).toEqual([
    'HOME',
    'NODE_COMPILE_CACHE',
    'PORT',
  ]);
  const service = keepRunning(definition, launched, deps);
  expect(existsSync(join(deps.folder, 'api.pid'))).toBe(true);
  await Promise.all([service.stop(), service.stop()]);
  expect(isAlive(launched.child.pid)).toBe(false);
  expect(deps.crashes).toEqual([]);
  expect(existsSync(join(deps.folder, 'api.pid'))).toBe(false);
});

test('a service that ends before it is ready fails the start', async () => {
  using root = temporaryRoot();
  const { definition, deps } = define(root, `console.log('no luck'); process.exit(3);`);
  await expect(launchService(definition, deps)).rejects.toThrow(
    'api did not become ready: it ended with exit code 3',
  );
  expect(deps.lines).toEqual(['no luck']);
});

test('a start that is given up leaves no service behind', async () => {
  using root = temporaryRoot();
  const { definition, deps } = define(root, STAY);
  const abort = AbortSignal.timeout(200);
  await expect(launchService(definition, { ...deps, abort })).rejects.toThrow(/timeout/);
  expect(existsSync(join(deps.folder, 'api.pid'))).toBe(false);
});

test('a service that crashes is started again after a pause', async () => {
  using root = temporaryRoot();
  const { definition, deps } = define(root, READY + STAY);
  const launched = await launchService(definition, deps);
  const service = keepRunning(definition, launched, deps);
  launched.child.signal('SIGKILL');
  expect(await waitUntil(LIMIT_MS, () => deps.restarts === 1)).toBe(true);
  expect(deps.crashes).toEqual(['api ended unexpectedly with signal SIGKILL, again in 1000']);
  await service.stop();
});

test('where crashes end everything, a crash is told and nothing is started again', async () => {
  using root = temporaryRoot();
  const { definition, deps } = define(root, READY + STAY);
  const launched = await launchService(definition, deps);
  const service = keepRunning(definition, launched, { ...deps, canRestart: false });
  launched.child.signal('SIGKILL');
  expect(await waitUntil(LIMIT_MS, () => deps.crashes.length === 1)).toBe(true);
  expect(deps.crashes).toEqual(['api ended unexpectedly with signal SIGKILL, again in null']);
  await service.stop();
});

test('a stop ends the pause before a restart', async () => {
  using root = temporaryRoot();
  const { definition, deps } = define(root, READY + STAY);
  const launched = await launchService(definition, deps);
  const service = keepRunning(definition, launched, deps);
  launched.child.signal('SIGKILL');
  await waitUntil(LIMIT_MS, () => deps.crashes.length === 1);
  await service.stop();
  expect(deps.restarts).toBe(0);
});

function define(root: TemporaryRoot, source: string) {
  const program = join(root.path, 'service.mjs');
  writeFileSync(program, source);
  const environment = { PORT: '1' };
  const definition: ServiceDefinition = { name: 'api', program, environment, readyMessage: 'ready' };
  const deps = {
    folder: join(root.path, 'services'),
    baseEnvironment: { HOME: root.path },
    abort: new AbortController().signal,
    canRestart: true,
    lines: [] as string[],
    crashes: [] as string[],
    restarts: 0,
    onLine: (_service: string, line: string) => void deps.lines.push(line),
    onCrash: (_service: string, { message }: Error, restartInMs: number | null) =>
      void deps.crashes.push(`${message}, again in ${restartInMs}`),
    onRestart: () => {
      deps.restarts += 1;
    },
  };
  return { definition, deps };
}
