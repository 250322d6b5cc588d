import type { Account } from '../account/account.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';

/** Frees a lookup key for a price about to get it: from the price that has it if it is to move, otherwise refuses. */
export function takeLookupKey(account: Account, lookupKey: string, isTransferred: boolean): void {
  const [holder] = account.objects.list('price', {
    where: { '$.lookup_key': lookupKey },
    order: 'oldest first',
    limit: 1,
  });
  if (holder === undefined) return;
  if (isTransferred) {
    account.update('price', holder, { lookup_key: null }, 'price.updated');
    return;
  }
  throw invalidRequest(
    `A price (\`${holder.id}\`) already uses that lookup key. You can transfer it with transfer_lookup_key.`,
    { code: 'resource_already_exists', param: 'lookup_key' },
  );
}
