import type { Db } from '../../runtime/database.ts';

/** When VAT on prepaid credit is due: when it is bought, or when it is used. */
export type PrepaidTax = 'at_top_up' | 'at_use';

/** The operators' setting; `at_use` while nobody has set any. */
export async function readPrepaidTax(db: Db): Promise<PrepaidTax> {
  const defaults = await db.billingDefaults.findUnique({ where: { id: 1 }, select: { prepaidTax: true } });
  return defaults?.prepaidTax === 'at_top_up' ? 'at_top_up' : 'at_use';
}
