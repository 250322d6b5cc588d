import { formatMicros } from '@tollgate/shared/money/money.ts';
import { Problem } from '../problems/problem.ts';

/** The refusal of what costs more than is available. */
export function shortfall(available: bigint, price: bigint, currency: string): Problem {
  const amounts = {
    available: formatMicros(available),
    price: formatMicros(price),
    shortfall: formatMicros(price - available),
  };
  return new Problem('insufficient_credit', `${amounts.shortfall} ${currency} are missing`, {
    ...amounts,
    currency,
  });
}
