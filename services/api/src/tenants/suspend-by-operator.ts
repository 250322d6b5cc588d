import { newId } from '@tollgate/shared/ids/ids.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import {
  resumeTenant,
  type SuspensionReason,
  suspendTenant,
} from '@tollgate/shared/tenants/suspend-tenant.ts';

/** Who does it, and why. */
export type OperatorsWord = { tenantId: string; actor: string; note: string | undefined };

/** Stops a tenant's sending by an operator's word, and tells the tenant. */
export async function suspendByOperator(tx: Transaction, word: OperatorsWord, at: Date): Promise<void> {
  const { tenantId, actor, note } = word;
  const suspension = { tenantId, reason: 'operator', actor, detail: detailOf(note) } as const;
  if (!(await suspendTenant(tx, suspension, at))) return;
  const content = { reason: 'operator' } as const;
  await notifyTenant(tx, { tenantId, kind: 'suspended', subjectId: newId(), content }, at);
}

/** Lets a tenant send again, whatever it was suspended for, and tells it. */
export async function resumeByOperator(tx: Transaction, word: OperatorsWord, at: Date): Promise<void> {
  const { tenantId, actor, note } = word;
  const { suspensionReason } = await tx.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (!(await resumeTenant(tx, { tenantId, actor, detail: detailOf(note) }, at))) return;
  const reason = (suspensionReason ?? 'operator') as SuspensionReason;
  await notifyTenant(tx, { tenantId, kind: 'resumed', subjectId: newId(), content: { reason } }, at);
}

function detailOf(note: string | undefined) {
  return note === undefined ? {} : { note };
}
