import { openCrossing } from '../alerts/crossings.ts';
import { raiseOperatorAlert } from '../alerts/operator-alerts.ts';
import { newId, toPublicId } from '../ids/ids.ts';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { suspendTenant } from '../tenants/suspend-tenant.ts';
import { liftWhatIsOver } from './lift-dunning.ts';
import { PAST_DUE_ALERT } from './past-due-alert.ts';
import { findOutOfLine, type Standing } from './standing.ts';

/**
 * Brings what is in force to what unpaid invoices call for: limits or suspends by each tenant's policy,
 * lifts what is over, and shows operators who is past due. Returns how many tenants it touched.
 */
export async function applyDunning(
  tx: Transaction,
  { today, limit }: { today: string; limit: number },
  at: Date,
): Promise<number> {
  const standings = await findOutOfLine(tx.db, { today, limit });
  for (const standing of standings) {
    await liftWhatIsOver(tx, standing, at);
    if (standing.isPastDue) await restrain(tx, standing, at);
  }
  return standings.length;
}

async function restrain(tx: Transaction, standing: Standing, at: Date): Promise<void> {
  const { tenantId, onPastDue, dueSince, isActive, isLimited } = standing;
  const detail = { dueSince: dueSince ?? '' };
  if (onPastDue === 'limit' && !isLimited) {
    const id = await openCrossing(tx.db, { tenantId, kind: 'past_due', line: '', detail }, at);
    if (id !== null) await tell(tx, { tenantId, subjectId: id, scope: 'promotional' }, at);
  }
  if (onPastDue === 'suspend' && isActive) {
    const suspension = { tenantId, reason: 'unpaid', actor: 'tollgate', detail } as const;
    if (await suspendTenant(tx, suspension, at)) {
      await tell(tx, { tenantId, subjectId: newId(), scope: 'all' }, at);
    }
  }
  await raiseOperatorAlert(
    tx.db,
    {
      kind: PAST_DUE_ALERT,
      subject: toPublicId('tnt', tenantId),
      tenantId,
      detail: `an invoice that was due on ${dueSince} is not paid`,
    },
    at,
  );
}

function tell(
  tx: Transaction,
  { tenantId, subjectId, scope }: { tenantId: string; subjectId: string; scope: 'all' | 'promotional' },
  at: Date,
): Promise<void> {
  return notifyTenant(
    tx,
    { tenantId, kind: 'suspended', subjectId, content: { reason: 'unpaid', scope } },
    at,
  );
}
