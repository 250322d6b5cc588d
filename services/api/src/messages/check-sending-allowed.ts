import { decideUnpaid } from '@tollgate/shared/guards/unpaid.ts';
import type { MessageCategory } from '@tollgate/shared/messages/categories.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Response } from 'express';
import { Problem } from '../problems/problem.ts';

/** Throws the Problem that says why the caller's tenant may not send a message of the category. */
export function checkSendingAllowed(caller: Caller, category: MessageCategory, now: Date): void {
  const { tenantStatus, suspensionReason } = caller;
  if (tenantStatus === 'suspended') {
    const why = suspensionReason === null ? '' : ` (${suspensionReason})`;
    throw new Problem('tenant_suspended', `sending is suspended for this account${why}`, {
      reason: suspensionReason,
    });
  }
  if (!caller.planIncludesSms) {
    throw new Problem('sms_disabled', `the plan ${caller.planId} does not include SMS`);
  }
  if (!caller.smsEnabled)
    throw new Problem('sms_disabled', 'SMS is switched off in the settings of this account');
  checkPaid(caller, category, now);
}

/** What a test key sends costs nothing, so nothing that is owed keeps it back. */
function checkPaid(caller: Caller, category: MessageCategory, now: Date): void {
  if (caller.mode === 'test') return;
  const unpaid = decideUnpaid(caller.unpaid, now);
  if (unpaid?.effect === 'block') {
    const { line, owedMicros, since } = unpaid;
    const owed = formatMicros(owedMicros);
    const detail = `billings that are not approved or paid are beyond the line for their ${line}: ${owed} ${caller.currency} since ${since.toISOString()}`;
    throw new Problem('unpaid_billings', detail, { line, owed, since: since.toISOString() });
  }
  if (caller.isPastDue && category === 'promotional') {
    throw new Problem(
      'past_due',
      'an invoice is past due: promotional messages are not sent until it is paid',
    );
  }
}

/** Names on the answer what will block sending one day, where the tenant's policy is to warn of it. */
export function warnOfUnpaid(caller: Caller, now: Date, response: Response): void {
  const unpaid = decideUnpaid(caller.unpaid, now);
  if (unpaid?.effect === 'warn') response.set('Tollgate-Warning', `unpaid_billings; line=${unpaid.line}`);
}
