import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';

const PaymentMethodView = z
  .object({
    id: z.string().meta({ example: 'pm_1SkY2e' }),
    type: z.string().meta({ example: 'card' }),
    brand: z.string().nullable().meta({ example: 'visa' }),
    last4: z.string().nullable().meta({ example: '4242' }),
    expires: z.string().nullable().meta({ description: 'Year and month.', example: '2029-12' }),
    isDefault: z.boolean().meta({ description: 'Invoices and automatic top-ups are taken from it.' }),
  })
  .meta({ id: 'PaymentMethod' });

export const PaymentMethodsView = z
  .object({ paymentMethods: z.array(PaymentMethodView) })
  .meta({ id: 'PaymentMethods', description: 'As Stripe last told us.' });

const METHODS_MAX = 100;

/** What the tenant can be charged by, the default first. */
export async function listPaymentMethods(
  db: Db,
  tenantId: string,
): Promise<z.infer<typeof PaymentMethodsView>> {
  const rows = await db.paymentMethod.findMany({
    where: { tenantId },
    orderBy: [{ isDefault: 'desc' }, { id: 'asc' }],
    take: METHODS_MAX,
  });
  return {
    paymentMethods: rows.map(({ id, type, brand, last4, expMonth, expYear, isDefault }) => ({
      id,
      type,
      brand,
      last4,
      expires: expYear === null ? null : `${expYear}-${String(expMonth ?? 0).padStart(2, '0')}`,
      isDefault,
    })),
  };
}
