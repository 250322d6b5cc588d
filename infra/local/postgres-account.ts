import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import type { Account } from './spawn-server.ts';

const CHECK_MS = 10_000;

/**
 * The account PostgreSQL runs as: our own (null), or for root, which it refuses, the owner of the existing data or
 * else `nobody`. Not `postgres`: as that account it could reach the data and processes of the machine's own server.
 */
export function choosePostgresAccount(existingData: string): Account {
  if (process.getuid?.() !== 0) return null;
  const owner = existsSync(existingData) ? lstatSync(existingData).uid : 0;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map(parseAccount);
  const found = accounts.find((account) =>
    owner === 0 ? account?.name === 'nobody' : account?.uid === owner,
  );
  if (found) return found;
  const wanted = owner === 0 ? '`nobody`' : `with the uid ${owner}, which owns ${existingData}`;
  throw new Error(
    `PostgreSQL does not run as root, and /etc/passwd has no account ${wanted}. Run as a plain user.`,
  );
}

/** Whether the account can work with the folder: asked of the system, which knows every ancestor, ACL and mount. */
export function canEnter(folder: string, account: Account): boolean {
  return existsSync(folder) && tryAs(account, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]) === null;
}

/** Runs a short command as the account: null when it succeeded, else what it said. */
export function tryAs(account: Account, command: string, args: string[]): string | null {
  const ids = account === null ? {} : { uid: account.uid, gid: account.gid };
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  const result = spawnSync(command, args, { ...ids, cwd: '/', encoding: 'utf8', timeout: CHECK_MS, env });
  if (result.status === 0) return null;
  return result.error?.message ?? result.stderr.trim();
}

/**
 * Makes the folder if needed and lets the account pass through it, not list it. It stays ours: what the server's
 * account owns, it could replace by links for root to follow. Throws when somebody else has made the folder.
 */
export function makePassage(folder: string, account: NonNullable<Account>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
    throw new Error(
      `${folder} belongs to somebody else (uid ${stats.uid}); remove it or use another data folder.`,
    );
  }
  chownSync(folder, stats.uid, account.gid);
  chmodSync(folder, 0o710);
}

function parseAccount(line: string): Account {
  const [name, , uid, gid] = line.split(':');
  return name === undefined || uid === undefined ? null : { name, uid: Number(uid), gid: Number(gid) };
}
