import { raiseOperatorAlert } from '../alerts/operator-alerts.ts';
import type { ProviderStatus } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';

/** Kind of the operators' alert that is open while a provider is blocked. */
const PROVIDER_BLOCKED = 'provider_blocked';

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

/**
 * Keeps a provider from being called: its messages wait, none is lost. Returns whether it was free until
 * now; then operators are alerted, in the caller's transaction.
 */
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
  if (fresh.length === 0) return false;
  const detail = `sending waits for the account of ${provider}: ${reason}`;
  await raiseOperatorAlert(db, { kind: PROVIDER_BLOCKED, subject: provider, detail }, at);
  return true;
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

/**
 * Lets a provider be called again and closes its alert, in one statement; returns whether it was blocked.
 * Whoever waits for it is woken by the sweep.
 */
export async function resumeProvider(
  db: Db,
  { provider, at, by }: { provider: string; at: Date; by: string },
): Promise<boolean> {
  const resumed = await db.$queryRaw<unknown[]>`
    WITH resumed AS (
      UPDATE provider_status
      SET blocked_at = NULL, blocked_until = NULL, check_count = 0, resumed_at = ${at}, resumed_by = ${by}
      WHERE provider = ${provider} AND blocked_at IS NOT NULL
      RETURNING provider
    ), closed AS (
      UPDATE operator_alerts a SET closed_at = ${at}, closed_by = ${by}
      FROM resumed r WHERE a.kind = ${PROVIDER_BLOCKED} AND a.subject = r.provider AND a.closed_at IS NULL
    )
    SELECT provider FROM resumed`;
  return resumed.length > 0;
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
