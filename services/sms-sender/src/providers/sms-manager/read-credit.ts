import { z } from 'zod';
import type { Answer } from '../provider-client.ts';
import type { AccountCheck } from '../sms-provider.ts';

const Credit = z.object({
  credit: z.object({ credit_czk: z.coerce.number(), credit_eur: z.coerce.number() }),
});

// Credit that is used up leaves a remainder: less than this does not pay for the messages that wait.
const CREDIT_MIN_CZK = 20;
const CREDIT_MIN_EUR = 1;

/**
 * Reads `GET /credit`: an account whose key is known and that has credit left could send. Any other
 * 4xx says that the key is not accepted, as for sending.
 */
export function readCredit({ status, body }: Answer): AccountCheck {
  if (status === 200) {
    const parsed = Credit.safeParse(body);
    if (!parsed.success) return { kind: 'unavailable', detail: 'the credit answer cannot be read' };
    const { credit_czk, credit_eur } = parsed.data.credit;
    return credit_czk >= CREDIT_MIN_CZK || credit_eur >= CREDIT_MIN_EUR
      ? { kind: 'ready' }
      : { kind: 'blocked', detail: 'the account at the provider has hardly any credit' };
  }
  if (status === 429 || status === 0 || status >= 500) {
    return { kind: 'unavailable', detail: status === 0 ? 'no answer' : `HTTP ${status}` };
  }
  return { kind: 'blocked', detail: `the provider refuses the key (HTTP ${status})` };
}
