import { raiseOperatorAlert } from '../../alerts/operator-alerts.ts';
import { toPublicId } from '../../ids/ids.ts';
import type { Db } from '../../runtime/database.ts';
import type { OpenPeriod } from '../periods.ts';

/**
 * The tenant on whose invoice a period goes, or null when its own collection is used: because it has no
 * payer, or one that cannot take it, which operators are told of. A payer is one step away: who pays
 * for others pays for itself.
 */
export async function resolvePayer(
  db: Db,
  { tenantId, payerTenantId, currency }: OpenPeriod,
  now: Date,
): Promise<string | null> {
  if (payerTenantId === null) return null;
  const payer = await db.tenant.findUnique({
    where: { id: payerTenantId },
    select: { status: true, currency: true, billingSettings: { select: { payerTenantId: true } } },
  });
  const problem = !payer
    ? 'does not exist'
    : payer.status === 'deleted'
      ? 'is deleted'
      : payer.currency !== currency
        ? `is billed in ${payer.currency}, not in ${currency}`
        : payer.billingSettings?.payerTenantId
          ? 'has a payer of its own'
          : null;
  if (problem === null) return payerTenantId;
  await raiseOperatorAlert(
    db,
    {
      kind: 'payer_cannot_pay',
      subject: toPublicId('tnt', tenantId),
      tenantId,
      detail: `its payer ${toPublicId('tnt', payerTenantId)} ${problem}: its usage is collected from itself`,
    },
    now,
  );
  return null;
}
