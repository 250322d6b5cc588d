import type { Db } from '../runtime/database.ts';

/** The tenants to whom the numbers belong, by number (E.164); numbers of nobody are left out. */
export async function findNumberOwners(db: Db, numbers: readonly string[]): Promise<Map<string, string>> {
  if (numbers.length === 0) return new Map();
  const rows = await db.tenantNumber.findMany({ where: { number: { in: [...new Set(numbers)] } } });
  return new Map(rows.map(({ number, tenantId }) => [number, tenantId]));
}

/** Gives a number (E.164) to a tenant; who had it before has it no more. What came in stays whose it was. */
export async function assignNumber(
  db: Db,
  { number, tenantId }: { number: string; tenantId: string },
  at: Date,
): Promise<void> {
  await db.tenantNumber.upsert({
    where: { number },
    create: { number, tenantId, createdAt: at },
    update: { tenantId, createdAt: at },
  });
}

/** Takes a number from its tenant; returns whether it had one. */
export async function releaseNumber(db: Db, number: string): Promise<boolean> {
  const { count } = await db.tenantNumber.deleteMany({ where: { number } });
  return count > 0;
}
