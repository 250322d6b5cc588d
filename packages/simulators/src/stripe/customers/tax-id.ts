import type { Account } from '../account/account.ts';

const taxIdsMax = 20;

export interface TaxId {
  id: string;
  object: 'tax_id';
  country: string | null;
  created: number;
  customer: string;
  customer_account: null;
  livemode: false;
  owner: { type: 'customer'; customer: string; customer_account: null };
  type: string;
  value: string;
  verification: { status: 'verified'; verified_address: null; verified_name: null };
}

/** Returns a tax id of a customer; every one counts as verified. */
export function newTaxId(
  id: string,
  customer: string,
  created: number,
  given: { type: string; value: string },
): TaxId {
  return {
    id,
    object: 'tax_id',
    country: given.type === 'eu_vat' ? given.value.slice(0, 2).toUpperCase() : null,
    created,
    customer,
    customer_account: null,
    livemode: false,
    owner: { type: 'customer', customer, customer_account: null },
    type: given.type,
    value: given.value,
    verification: { status: 'verified', verified_address: null, verified_name: null },
  };
}

/** Returns a customer's tax ids as an invoice repeats them. */
export function taxIdsOf(account: Account, customer: string): Pick<TaxId, 'type' | 'value'>[] {
  const where = { '$.customer': customer } as const;
  const found = account.objects.list('tax_id', { where, order: 'oldest first', limit: taxIdsMax });
  return found.map(({ type, value }) => ({ type, value }));
}
