import type { ProviderStatus } from '../generated/prisma/client.ts';
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

export type NewBlock = {
  provider: string;
  reason: string;
  at: Date;
  nextCheckAt: Date;
  /** When to look where the block returns within this time of being lifted: the look did not see what is wrong. */
  relapse: { withinMs: number; nextCheckAt: Date };
};

/** Keeps a provider from being called: its messages wait, none is lost. Returns whether it was free until now. */
export async function blockProvider(db: Db, block: NewBlock): Promise<boolean> {
  const { provider, reason, at, nextCheckAt, relapse } = block;
  const relapsedSince = new Date(at.getTime() - relapse.withinMs);
  const fresh = await db.$queryRaw<unknown[]>`
    INSERT INTO provider_status (provider, blocked_at, blocked_until, reason) VALUES (${provider}, ${at}, ${nextCheckAt}, ${reason})
    ON CONFLICT (provider) DO UPDATE
    SET blocked_at = EXCLUDED.blocked_at, reason = EXCLUDED.reason, check_count = 0,
        blocked_until = CASE WHEN provider_status.resumed_at > ${relapsedSince} THEN ${relapse.nextCheckAt}
                             ELSE EXCLUDED.blocked_until END
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

/** Makes a provider known, so that operators see it before anything goes wrong. */
export async function announceProvider(db: Db, provider: string): Promise<void> {
  await db.$executeRaw`INSERT INTO provider_status (provider) VALUES (${provider}) ON CONFLICT (provider) DO NOTHING`;
}

export type ProviderState = {
  provider: string;
  /** Null while it may be called. */
  block: ProviderBlock | null;
  resumedAt: Date | null;
  resumedBy: string | null;
};

/** Every provider that a sender has announced, by name. */
export async function listProviders(db: Db): Promise<ProviderState[]> {
  const rows = await db.providerStatus.findMany({ orderBy: { provider: 'asc' } });
  return rows.map(stateOf);
}

function stateOf(row: ProviderStatus): ProviderState {
  const { provider, blockedAt, blockedUntil, reason, checkCount, resumedAt, resumedBy } = row;
  const block = blockedAt && {
    provider,
    blockedAt,
    nextCheckAt: blockedUntil ?? blockedAt,
    reason: reason ?? '',
    checkCount,
  };
  return { provider, block, resumedAt, resumedBy };
}
