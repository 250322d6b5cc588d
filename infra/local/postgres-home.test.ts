import { cpSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tryAs } from './postgres-account.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { dataFolders, preparePostgresHome } from './postgres-home.ts';
import { temporaryRoot } from './testing/temporary-root.ts';

const isRoot = process.getuid?.() === 0;
const found = findPostgresBinaries();
const log = () => {};

test('programs that the account cannot reach are copied, and the copy runs', { timeout: 60_000 }, () => {
  using root = temporaryRoot(0o700);
  mkdirSync(root.dataRoot);
  const programs = installIn(root.path);
  const home = preparePostgresHome(root.dataRoot, programs, log);
  const copy = join(dirname(dataFolders(root.dataRoot).outside), `postgresql-${found.version}`);
  expect(home.binaries).toBe(isRoot ? copy : programs.folder);
  expect(tryAs(home.account, join(home.binaries, 'bin', 'initdb'), ['--version'])).toBeNull();
});

test('programs and data that the account can reach stay where they are', { timeout: 60_000 }, () => {
  using root = temporaryRoot();
  mkdirSync(root.dataRoot, { mode: 0o700 });
  const programs = installIn(root.path);
  const home = preparePostgresHome(root.dataRoot, programs, log);
  expect(home.binaries).toBe(programs.folder);
  expect(home.data).toBe(join(root.dataRoot, 'postgres'));
  expect(statSync(root.dataRoot).mode & 0o067).toBe(0);
});

test('nothing runs as root', () => {
  using root = temporaryRoot();
  mkdirSync(root.dataRoot);
  expect(preparePostgresHome(root.dataRoot, found, log).account !== null).toBe(isRoot);
});

test('data that the account could reach once is not replaced by an empty database', () => {
  using root = temporaryRoot(0o700);
  const { inside } = dataFolders(root.dataRoot);
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(inside, 'PG_VERSION'), '18\n');
  const prepare = () => preparePostgresHome(root.dataRoot, found, log);
  if (isRoot) expect(prepare).toThrow(/can no longer enter the folders above it/);
  else expect(prepare().data).toBe(inside);
});

// The programs as npm would install them in the folder, wherever this checkout is.
function installIn(path: string): PostgresBinaries {
  const folder = join(path, 'native');
  cpSync(found.folder, folder, { recursive: true, verbatimSymlinks: true });
  return { ...found, folder };
}
