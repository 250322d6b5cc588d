import type { Invoice } from './invoice.ts';

export type Totals = Pick<
  Invoice,
  | 'subtotal'
  | 'subtotal_excluding_tax'
  | 'total'
  | 'total_excluding_tax'
  | 'amount_due'
  | 'amount_remaining'
  | 'starting_balance'
>;

/**
 * Returns what an invoice comes to, in minor units: lines are rounded each, then added; what the customer owes already
 * is collected too, credit is used up first.
 */
export function computeTotals(lineAmounts: number[], startingBalance: number): Totals {
  const total = lineAmounts.reduce((sum, amount) => sum + amount, 0);
  const due = Math.max(0, total + startingBalance);
  return {
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    amount_due: due,
    amount_remaining: due,
    starting_balance: startingBalance,
  };
}
