import { leaveCrossing } from '@tollgate/shared/alerts/crossings.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { checkTopUpAmount } from '@tollgate/shared/stripe/top-up-limits.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { z } from 'zod';
import { invalidRequest } from '../problems/problem.ts';
import { refuseAmount } from './create-top-up.ts';

const decimal = DecimalMicros.meta({ override: { type: 'string', example: '100.00' } });

export const AutomaticTopUpRequest = z
  .strictObject({
    enabled: z.boolean().optional(),
    below: decimal.optional().meta({ description: 'The available credit below which more is bought.' }),
    amount: decimal.optional().meta({ description: 'How much is bought then, before tax.' }),
  })
  .meta({ id: 'AutomaticTopUpRequest' });

export const AutomaticTopUpView = z
  .object({
    enabled: z.boolean().meta({ description: 'Switched off by itself when the card does not pay.' }),
    below: z.string().nullable(),
    amount: z.string().nullable(),
    currency: z.string(),
  })
  .meta({ id: 'AutomaticTopUp' });

/** Whether and when credit is bought without being asked. */
export async function readAutomaticTopUp(
  db: Db,
  { tenantId, currency }: Pick<Caller, 'tenantId' | 'currency'>,
): Promise<z.infer<typeof AutomaticTopUpView>> {
  const { topUpEnabled, topUpBelowMicros, topUpAmountMicros } = await db.billingSettings.findUniqueOrThrow({
    where: { tenantId },
    select: { topUpEnabled: true, topUpBelowMicros: true, topUpAmountMicros: true },
  });
  return {
    enabled: topUpEnabled,
    below: topUpBelowMicros === null ? null : formatMicros(topUpBelowMicros),
    amount: topUpAmountMicros === null ? null : formatMicros(topUpAmountMicros),
    currency,
  };
}

/** Changes what is given; throws a Problem for settings that do not go together. */
export async function changeAutomaticTopUp(
  deps: TransactionDeps & { clock: Clock },
  { tenantId, currency }: Caller,
  request: z.infer<typeof AutomaticTopUpRequest>,
): Promise<void> {
  if (request.below !== undefined && request.below <= 0n)
    throw invalidRequest([{ pointer: '#/below', detail: 'must be more than nothing' }]);
  if (request.amount !== undefined) {
    const checked = checkTopUpAmount(request.amount, currency);
    if (!checked.fits) throw refuseAmount(checked, currency);
  }
  await inTransaction(deps, async ({ db }) => {
    await db.$queryRaw`SELECT 1 FROM billing_settings WHERE tenant_id = ${tenantId}::uuid FOR UPDATE`;
    const before = await db.billingSettings.findUniqueOrThrow({ where: { tenantId } });
    const below = request.below ?? before.topUpBelowMicros;
    const amount = request.amount ?? before.topUpAmountMicros;
    if ((below === null) !== (amount === null)) {
      const missing = below === null ? 'below' : 'amount';
      throw invalidRequest([
        { pointer: `#/${missing}`, detail: 'is needed with the other of below and amount' },
      ]);
    }
    if (request.enabled && amount === null)
      throw invalidRequest([{ pointer: '#/amount', detail: 'is needed to switch it on, and below as well' }]);
    await db.billingSettings.update({
      where: { tenantId },
      data: {
        topUpBelowMicros: below,
        topUpAmountMicros: amount,
        ...(request.enabled !== undefined && { topUpEnabled: request.enabled }),
      },
    });
    if (request.enabled) await leaveCrossing(db, { tenantId, kind: 'top_up_failed' }, deps.clock.now());
  });
}
