import type { Account } from '../account/account.ts';
import { endSubscription } from '../subscriptions/end-subscription.ts';
import type { DeletedCustomer } from './customer.ts';

const subscriptionsMax = 500;

/** Deletes a customer and ends its subscriptions; pending invoice items go with it. */
export function deleteCustomer(account: Account, id: string): DeletedCustomer {
  const customer = account.get('customer', id);
  const ofCustomer = { '$.customer': id } as const;
  const subscriptions = account.objects.list('subscription', {
    where: ofCustomer,
    order: 'oldest first',
    limit: subscriptionsMax,
  });
  for (const subscription of subscriptions) {
    if (subscription.ended_at === null) endSubscription(account, subscription, null);
  }
  const pending = account.objects.list('invoiceitem', {
    where: { ...ofCustomer, '$.invoice': null },
    order: 'oldest first',
    limit: subscriptionsMax,
  });
  for (const item of pending) account.remove('invoiceitem', item, 'invoiceitem.deleted');
  account.remove('customer', customer, 'customer.deleted');
  const deleted: DeletedCustomer = { id, object: 'customer', deleted: true };
  account.create('deleted_customer', deleted, null);
  return deleted;
}
