import type { Customer } from '../customers/customer.ts';
import { simulatedTax } from './simulated-tax.ts';
import type { TaxRate } from './tax-operations.ts';

/** Tax on top of a line, or of all lines together; amounts in minor units. */
export interface LineTax {
  amount: number;
  tax_behavior: 'exclusive';
  /** Null where automatic tax has made it. */
  tax_rate_details: { tax_rate: string } | null;
  taxability_reason: 'customer_exempt' | 'not_collecting' | 'reverse_charge' | 'standard_rated';
  taxable_amount: number;
  type: 'tax_rate_details';
}

export interface LineTaxation {
  /** Of the line's item; they go before automatic tax. */
  rates: readonly TaxRate[];
  isAutomatic: boolean;
  customer: Pick<Customer, 'address' | 'tax_exempt'>;
}

/** Returns the taxes of a line, each rounded half up. */
export function taxesOf(amount: number, { rates, isAutomatic, customer }: LineTaxation): LineTax[] {
  if (rates.length > 0) {
    return rates.map(({ id, percentage }) =>
      tax(amount, roundHalfUp((amount * percentage) / 100), 'standard_rated', id),
    );
  }
  if (!isAutomatic) return [];
  const { address, tax_exempt: exempt } = customer;
  if (exempt !== 'none') {
    return [tax(amount, 0, exempt === 'reverse' ? 'reverse_charge' : 'customer_exempt', null)];
  }
  const onTop = simulatedTax(amount, address?.country);
  return [tax(amount, onTop, onTop === 0 ? 'not_collecting' : 'standard_rated', null)];
}

/** Returns the taxes of an invoice: those of its lines, added up by rate. */
export function totalTaxes(lines: readonly { taxes: LineTax[] }[]): LineTax[] {
  const groups = Map.groupBy(
    lines.flatMap(({ taxes }) => taxes),
    ({ tax_rate_details: details, taxability_reason: reason }) => `${details?.tax_rate} ${reason}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const sum = (name: 'amount' | 'taxable_amount') => group.reduce((total, one) => total + one[name], 0);
    return first === undefined
      ? []
      : [{ ...first, amount: sum('amount'), taxable_amount: sum('taxable_amount') }];
  });
}

function tax(
  taxable: number,
  amount: number,
  reason: LineTax['taxability_reason'],
  rate: string | null,
): LineTax {
  return {
    amount,
    tax_behavior: 'exclusive',
    tax_rate_details: rate === null ? null : { tax_rate: rate },
    taxability_reason: reason,
    taxable_amount: taxable,
    type: 'tax_rate_details',
  };
}

function roundHalfUp(amount: number): number {
  return Math.sign(amount) * Math.round(Math.abs(amount));
}
