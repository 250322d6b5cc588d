import type { Check } from './check.ts';
import { creditChecks } from './credit-checks.ts';
import { invoiceChecks } from './invoice-checks.ts';
import { messageChecks } from './message-checks.ts';
import { periodChecks } from './period-checks.ts';
import { prepaidTaxChecks } from './prepaid-tax-checks.ts';
import { usageChecks } from './usage-checks.ts';

/** Everything that is always true, in the order in which money flows: from a message to its payment. */
export const checks: readonly Check[] = [
  ...messageChecks,
  ...creditChecks,
  ...usageChecks,
  ...periodChecks,
  ...invoiceChecks,
  ...prepaidTaxChecks,
];
