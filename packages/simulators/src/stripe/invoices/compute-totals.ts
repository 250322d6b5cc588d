import { type LineTax, totalTaxes } from '../tax/line-taxes.ts';
import type { Invoice } from './invoice.ts';

export type Totals = Pick<
  Invoice,
  | 'subtotal'
  | 'subtotal_excluding_tax'
  | 'total'
  | 'total_excluding_tax'
  | 'total_taxes'
  | 'amount_due'
  | 'amount_remaining'
  | 'starting_balance'
>;

/**
 * Returns what an invoice comes to, in minor units: lines are rounded each, then added, and their taxes on top; what
 * the customer owes already is collected too, credit is used up first.
 */
export function computeTotals(
  lines: readonly { amount: number; taxes: LineTax[] }[],
  startingBalance: number,
): Totals {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const taxes = totalTaxes(lines);
  const total = subtotal + taxes.reduce((sum, { amount }) => sum + amount, 0);
  const due = Math.max(0, total + startingBalance);
  return {
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: subtotal,
    total_taxes: taxes,
    amount_due: due,
    amount_remaining: due,
    starting_balance: startingBalance,
  };
}
