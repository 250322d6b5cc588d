import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresHome } from './postgres-home.ts';
import { type Log, spawnServer } from './spawn-server.ts';
import { stopPostgresProcesses } from './stop-orphan-postgres.ts';

const INITDB_MS = 120_000;
const DRAFT = 'postgres.new';

export type EnsureClusterOptions = { password: string; isSafeOnPowerLoss: boolean; log: Log };

/**
 * Makes the cluster if there is none; true when it did. Made under another name and renamed at the end, so that a
 * data folder is either whole or absent. Throws when the existing one is of another major version.
 */
export async function ensureCluster(home: PostgresHome, options: EnsureClusterOptions): Promise<boolean> {
  await removeDrafts(home.parent);
  if (existsSync(home.data)) {
    checkVersion(home);
    return false;
  }
  const draft = join(home.parent, `${DRAFT}-${randomUUID()}`);
  const passwordFile = `${draft}.password`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600, flag: 'wx' });
  try {
    for (const path of [draft, passwordFile]) give(path, home);
    await runInitdb(home, draft, passwordFile, options);
  } finally {
    rmSync(passwordFile);
  }
  renameSync(draft, home.data);
  return true;
}

// An initdb whose starter was killed may still be writing or cleaning up, hence the repeated attempts.
async function removeDrafts(parent: string): Promise<void> {
  for (const name of readdirSync(parent).filter((name) => name.startsWith(DRAFT))) {
    await stopPostgresProcesses(join(parent, name));
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function runInitdb(
  home: PostgresHome,
  draft: string,
  passwordFile: string,
  options: EnsureClusterOptions,
) {
  const args = [
    `--pgdata=${draft}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The builtin locale needs nothing of the system, so text sorts alike on every machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(options.isSafeOnPowerLoss ? [] : ['--no-sync']),
  ];
  const command = join(home.binaries, 'bin', 'initdb');
  const initdb = await spawnServer({ command, args, account: home.account, log: options.log });
  const hasEnded = await initdb.endsWithin(INITDB_MS);
  if (hasEnded && (await initdb.exited) === 'exit code 0') return;
  const failure = await initdb.failure(`Creating the PostgreSQL data folder ${home.data} failed`);
  initdb.signal('SIGKILL');
  throw failure;
}

function checkVersion(home: PostgresHome): void {
  const file = join(home.data, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'an unknown version';
  if (version === home.major) return;
  throw new Error(
    `${home.data} was made by PostgreSQL ${version}, this is PostgreSQL ${home.major}, which cannot read it. ` +
      'Start over with `npm run reset`, which deletes all local data.',
  );
}

function give(path: string, home: PostgresHome): void {
  if (home.account !== null) chownSync(path, home.account.uid, home.account.gid);
  chmodSync(path, path.endsWith('.password') ? 0o600 : 0o700);
}
