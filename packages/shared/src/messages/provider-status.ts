import type { Db } from '../runtime/database.ts';

export type ProviderBlock = {
  provider: string;
  blockedAt: Date;
  /** When the account is looked at again. */
  nextCheckAt: Date;
  reason: string;
  /** How often in a row the account was found unwell. */
  checkCount: number;
};

/** The block that keeps the provider from being called; null where it may be. */
export async function readProviderBlock(db: Db, provider: string): Promise<ProviderBlock | null> {
  const row = await db.providerStatus.findUnique({ where: { provider } });
  if (!row?.blockedAt) return null;
  const { blockedAt, blockedUntil, reason, checkCount } = row;
  return { provider, blockedAt, nextCheckAt: blockedUntil ?? blockedAt, reason: reason ?? '', checkCount };
}

/** Keeps a provider from being called: its messages wait, none is lost. Returns whether it was free until now. */
export async function blockProvider(
  db: Db,
  { provider, reason, at, nextCheckAt }: { provider: string; reason: string; at: Date; nextCheckAt: Date },
): Promise<boolean> {
  const fresh = await db.$queryRaw<unknown[]>`
    INSERT INTO provider_status (provider, blocked_at, blocked_until, reason) VALUES (${provider}, ${at}, ${nextCheckAt}, ${reason})
    ON CONFLICT (provider) DO UPDATE
    SET blocked_at = EXCLUDED.blocked_at, blocked_until = EXCLUDED.blocked_until, reason = EXCLUDED.reason, check_count = 0
    WHERE provider_status.blocked_at IS NULL
    RETURNING provider`;
  return fresh.length > 0;
}

/** Keeps the block after a look at the account that found it unwell. */
export async function prolongProviderBlock(
  db: Db,
  { provider, reason, nextCheckAt }: { provider: string; reason: string; nextCheckAt: Date },
): Promise<void> {
  await db.providerStatus.updateMany({
    where: { provider, blockedAt: { not: null } },
    data: { reason, blockedUntil: nextCheckAt, checkCount: { increment: 1 } },
  });
}

/** Lets a provider be called again; returns whether it was blocked. Whoever waits for it is woken by the sweep. */
export async function resumeProvider(
  db: Db,
  { provider, at, by }: { provider: string; at: Date; by: string },
): Promise<boolean> {
  const { count } = await db.providerStatus.updateMany({
    where: { provider, blockedAt: { not: null } },
    data: { blockedAt: null, blockedUntil: null, checkCount: 0, resumedAt: at, resumedBy: by },
  });
  return count > 0;
}
