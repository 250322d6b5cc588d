import type { Db } from '../runtime/database.ts';

/** Until when the provider must not be called; null when it may. */
export async function readProviderBlock(db: Db, provider: string, now: Date): Promise<Date | null> {
  const row = await db.providerStatus.findUnique({ where: { provider } });
  return row?.blockedUntil && row.blockedUntil > now ? row.blockedUntil : null;
}

/** Keeps a provider from being called: its messages wait, none is lost. */
export async function blockProvider(
  db: Db,
  block: { provider: string; reason: string; at: Date; until: Date },
): Promise<void> {
  const { provider, reason, at, until } = block;
  const values = { blockedAt: at, blockedUntil: until, reason };
  await db.providerStatus.upsert({ where: { provider }, create: { provider, ...values }, update: values });
}
