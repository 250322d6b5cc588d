import { z } from 'zod';
import type { Answer } from '../provider-client.ts';
import type { AccountCheck } from '../sms-provider.ts';

const Account = z.object({ status: z.enum(['active', 'suspended', 'closed']) });

/** Reads the account resource: one that is active and whose credentials are accepted could send. */
export function readAccount({ status, body }: Answer): AccountCheck {
  if (status === 200) {
    const account = Account.safeParse(body);
    if (!account.success) return { kind: 'unavailable', detail: 'the account cannot be read' };
    return account.data.status === 'active'
      ? { kind: 'ready' }
      : { kind: 'blocked', detail: `the account at the provider is ${account.data.status}` };
  }
  if (status === 429 || status < 400 || status >= 500) {
    return { kind: 'unavailable', detail: status === 0 ? 'no answer' : `HTTP ${status}` };
  }
  return { kind: 'blocked', detail: `the provider refuses the credentials (HTTP ${status})` };
}
