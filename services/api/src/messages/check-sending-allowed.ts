import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { Problem } from '../problems/problem.ts';

/** Throws the Problem that says why the caller's tenant may not send at all. */
export function checkSendingAllowed(caller: Caller): void {
  if (caller.tenantStatus === 'suspended') {
    throw new Problem('tenant_suspended', 'sending is suspended for this account');
  }
  if (!caller.planIncludesSms) {
    throw new Problem('sms_disabled', `the plan ${caller.planId} does not include SMS`);
  }
  if (!caller.smsEnabled)
    throw new Problem('sms_disabled', 'SMS is switched off in the settings of this account');
}
