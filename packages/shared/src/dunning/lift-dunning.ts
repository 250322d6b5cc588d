import { leaveCrossing } from '../alerts/crossings.ts';
import { closeOperatorAlert } from '../alerts/operator-alerts.ts';
import { readIssuer } from '../billing/issuer.ts';
import { newId, toPublicId } from '../ids/ids.ts';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { resumeTenant } from '../tenants/suspend-tenant.ts';
import { localDate } from '../time/local-time.ts';
import { PAST_DUE_ALERT } from './past-due-alert.ts';
import { findOutOfLine, type Standing } from './standing.ts';

/**
 * Ends what being past due restrained, as far as it is not called for any more: for whoever settles an
 * invoice, in the same transaction. A suspension for another reason stays.
 */
export async function liftDunning(tx: Transaction, tenantId: string, at: Date): Promise<void> {
  const today = localDate(at, (await readIssuer(tx.db)).timeZone);
  const [standing] = await findOutOfLine(tx.db, { today, tenantId, limit: 1 });
  if (standing) await liftWhatIsOver(tx, standing, at);
}

export async function liftWhatIsOver(tx: Transaction, standing: Standing, at: Date): Promise<void> {
  const { tenantId, isPastDue, onPastDue, isLimited, isSuspendedUnpaid, isAlerted } = standing;
  const notify = (scope: 'all' | 'promotional') =>
    notifyTenant(
      tx,
      { tenantId, kind: 'resumed', subjectId: newId(), content: { reason: 'unpaid', scope } },
      at,
    );
  if (isSuspendedUnpaid && !(isPastDue && onPastDue === 'suspend')) {
    if (await resumeTenant(tx, { tenantId, actor: 'tollgate', onlyIf: 'unpaid' }, at)) await notify('all');
  }
  if (isLimited && !(isPastDue && onPastDue === 'limit')) {
    const left = await leaveCrossing(tx.db, { tenantId, kind: 'past_due' }, at);
    if (left > 0 && !isPastDue) await notify('promotional');
  }
  if (isAlerted && !isPastDue) {
    const alert = { kind: PAST_DUE_ALERT, subject: toPublicId('tnt', tenantId) };
    await closeOperatorAlert(tx.db, alert, at, 'tollgate');
  }
}
