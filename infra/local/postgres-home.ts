import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { canEnter, choosePostgresAccount, makePassage, tryAs } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { Account, Log } from './spawn-server.ts';

/** Where a cluster lives: the folder of its data, its parent, the programs and the account that runs them. */
export type PostgresHome = {
  parent: string;
  data: string;
  binaries: string;
  major: string;
  account: Account;
};

/** Where PostgreSQL keeps data and programs when its account cannot get into `dataRoot`. */
export function relocatedFolder(dataRoot: string): string {
  const hash = createHash('sha256').update(dataRoot).digest('hex').slice(0, 16);
  return join('/var/tmp', `tollgate-${hash}`);
}

/** The places where data of `dataRoot` may be: in it, and outside. */
export function dataFolders(dataRoot: string): { inside: string; outside: string } {
  return { inside: join(dataRoot, 'postgres'), outside: join(relocatedFolder(dataRoot), 'postgres') };
}

/**
 * Decides where the cluster of `dataRoot` (an existing folder, links resolved) lives and as which account it runs,
 * and makes that place usable. Throws when there is no such place, or data exists that the account cannot reach.
 */
export function preparePostgresHome(dataRoot: string, found: PostgresBinaries, log: Log): PostgresHome {
  const { inside, outside } = dataFolders(dataRoot);
  const account = choosePostgresAccount(existsSync(outside) ? outside : inside);
  const parent = account === null ? dataRoot : choosePassage(dataRoot, account);
  if (parent !== dataRoot)
    log(`${account?.name} cannot enter ${dataRoot}: PostgreSQL keeps its data in ${parent}`);
  const original = realpathSync(found.folder);
  const canRun =
    account === null || tryAs(account, join(original, 'bin', 'postgres'), ['--version']) === null;
  const binaries = canRun ? original : copyBinaries(original, found.version, dataRoot, account);
  const trouble = tryAs(account, join(binaries, 'bin', 'postgres'), ['--version']);
  if (trouble !== null)
    throw new Error(`The embedded PostgreSQL in ${binaries} does not run here: ${trouble}`);
  const major = found.version.split('.')[0] ?? '';
  return { parent, data: join(parent, 'postgres'), binaries, major, account };
}

function choosePassage(dataRoot: string, account: NonNullable<Account>): string {
  const { inside, outside } = dataFolders(dataRoot);
  if (!existsSync(outside) && canEnter(dirname(dataRoot), account)) {
    if (!canEnter(dataRoot, account)) makePassage(dataRoot, account);
    if (canEnter(dataRoot, account)) return dataRoot;
  }
  if (existsSync(inside)) {
    throw new Error(
      `${inside} holds data, but the account ${account.name}, which PostgreSQL runs as, can no longer enter the ` +
        'folders above it. Give them execute permission again, or delete the data with `npm run reset`.',
    );
  }
  makePassage(dirname(outside), account);
  return dirname(outside);
}

// Named by version, so that an update of the package is copied anew and the old copy goes.
function copyBinaries(
  from: string,
  version: string,
  dataRoot: string,
  account: NonNullable<Account>,
): string {
  const folder = relocatedFolder(dataRoot);
  makePassage(folder, account);
  const target = join(folder, `postgresql-${version}`);
  if (existsSync(target)) return target;
  for (const name of readdirSync(folder)) {
    if (name.startsWith('postgresql-')) rmSync(join(folder, name), { recursive: true });
  }
  const draft = `${target}.new`;
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true, filter: isNeededToRun });
  // npm under a strict umask leaves files that only their owner can read.
  chmodSync(draft, 0o755);
  for (const entry of readdirSync(draft, { recursive: true, withFileTypes: true })) {
    const isProgram = basename(entry.parentPath) === 'bin';
    if (!entry.isSymbolicLink())
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() || isProgram ? 0o755 : 0o644);
  }
  renameSync(draft, target);
  return target;
}

function isNeededToRun(file: string): boolean {
  return !file.endsWith('.a') && basename(file) !== 'pkgconfig';
}
