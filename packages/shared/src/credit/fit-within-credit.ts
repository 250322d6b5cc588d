import type { Account } from './accounts.ts';
import { accountKey } from './accounts.ts';

export type CreditNeed = { messageId: string; tenantId: string; currency: string; amountMicros: bigint };

/** What an account may still reserve. */
export function availableMicros(
  account: Pick<Account, 'balanceMicros' | 'creditLimitMicros' | 'reservedMicros'>,
): bigint {
  return account.balanceMicros + account.creditLimitMicros - account.reservedMicros;
}

/**
 * Takes, per account, the prefix of the needs (given in acceptance order) that fits into what is
 * available. What does not fit is lacking, and so is everything behind it on the same account: a
 * cheaper message never overtakes. One poor tenant does not touch another.
 */
export function fitWithinCredit<Need extends CreditNeed>(
  accounts: readonly Account[],
  needs: readonly Need[],
): { fitting: Need[]; lacking: Need[] } {
  const left = new Map(accounts.map((account) => [accountKey(account), availableMicros(account)]));
  const closed = new Set<string>();
  const fitting: Need[] = [];
  const lacking: Need[] = [];
  for (const need of needs) {
    const key = accountKey(need);
    const available = left.get(key) ?? 0n;
    if (closed.has(key) || available < need.amountMicros) {
      closed.add(key);
      lacking.push(need);
    } else {
      left.set(key, available - need.amountMicros);
      fitting.push(need);
    }
  }
  return { fitting, lacking };
}
