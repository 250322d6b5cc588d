import { openCrossing } from '@tollgate/shared/alerts/crossings.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { lockTopUp, type TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Ends an automatic top-up without money and switches automatic top-ups off: a card that was declined
 * is not tried again and again. Tells the tenant once. One that is paid stays paid.
 */
export async function failAutomaticTopUp(
  deps: StripeObjectDeps,
  topUp: TopUpRow,
  { reason, paymentIntentId }: { reason: string; paymentIntentId?: string | undefined },
): Promise<void> {
  const at = deps.clock.now();
  const { id, tenantId, currency, netMinor } = topUp;
  const failed = await inTransaction(deps, async (tx) => {
    const locked = await lockTopUp(tx.db, id);
    if (!locked || !['created', 'pending'].includes(locked.state)) return false;
    await tx.db.topUp.update({
      where: { id },
      data: {
        state: 'failed',
        lastError: reason,
        wakeAt: null,
        ...(paymentIntentId !== undefined && locked.paymentIntentId === null && { paymentIntentId }),
      },
    });
    await tx.db.billingSettings.updateMany({
      where: { tenantId, topUpEnabled: true },
      data: { topUpEnabled: false },
    });
    const amount = formatMicros(minorUnitsToMicros(netMinor, currency));
    await openCrossing(
      tx.db,
      { tenantId, kind: 'top_up_failed', line: '', detail: { reason, amount, currency } },
      at,
    );
    const content = { amount, currency, reason };
    await notifyTenant(tx, { kind: 'top_up_failed', tenantId, subjectId: id, content }, at);
    return true;
  });
  if (failed)
    deps.logger.warn({ topUpId: id, tenantId, reason }, 'automatic top-up failed and was switched off');
}
