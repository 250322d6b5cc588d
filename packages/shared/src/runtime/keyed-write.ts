import { AsyncLocalStorage } from 'node:async_hooks';
import type { Db } from './database.ts';

/** A write that somebody asks for under a key of their own. */
export type KeyedWrite = {
  /** Whose key it is: two may use the same one. */
  scope: string;
  key: string;
  /** SHA-256 of what is asked for, in hexadecimal. */
  requestHash: string;
};

export type RunningWrite = KeyedWrite & {
  at: Date;
  /** Whether a transaction that stored the key has committed. */
  isClaimed: boolean;
};

const running = new AsyncLocalStorage<RunningWrite>();

/** Another request is using the key right now. */
export class KeyInProgressError extends Error {
  override name = 'KeyInProgressError';
}

/** Another request that came first has used the key. */
export class KeyTakenError extends Error {
  override name = 'KeyTakenError';
}

/** Runs work under a key: its first transaction stores the key together with what it does. */
export function runUnderKey<Result>(write: RunningWrite, work: () => Result): Result {
  return running.run(write, work);
}

/** Runs work that is not only of the running write: it stores nobody's key. */
export function runUnderNoKey<Result>(work: () => Result): Result {
  return running.exit(work);
}

/**
 * Stores the key of the running write in the transaction, once; nothing where there is none. Returns
 * what to call after the commit. Throws KeyInProgressError or KeyTakenError where somebody else has it.
 */
export async function claimRunningKey(db: Db): Promise<() => void> {
  const write = running.getStore();
  if (!write || write.isClaimed) return () => {};
  const { scope, key, requestHash, at } = write;
  const [lock] = await db.$queryRaw<{ isHeld: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`keyed write ${scope} ${key}`}, 0)) AS "isHeld"`;
  if (!lock?.isHeld) throw new KeyInProgressError(`${key} is being worked on`);
  const stored = await db.$executeRaw`
    INSERT INTO keyed_writes (scope, key, request_hash, created_at)
    VALUES (${scope}, ${key}, decode(${requestHash}, 'hex'), ${at})
    ON CONFLICT (scope, key) DO NOTHING`;
  if (stored === 0) throw new KeyTakenError(`${key} was used before`);
  return () => {
    write.isClaimed = true;
  };
}
