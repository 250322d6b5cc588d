import type { Operation } from './account/operation.ts';
import { customerOperations } from './customers/customer-operations.ts';
import { eventOperations } from './events/event-operations.ts';
import { invoiceItemOperations } from './invoice-items/invoice-item-operations.ts';
import { invoicePaymentOperations } from './invoice-payments/invoice-payment-operations.ts';
import { invoiceOperations } from './invoices/invoice-operations.ts';
import { priceOperations } from './prices/price-operations.ts';
import { productOperations } from './products/product-operations.ts';
import { subscriptionOperations } from './subscriptions/subscription-operations.ts';

/** Everything the simulator answers. */
export const operations: Operation[] = [
  ...customerOperations,
  ...productOperations,
  ...priceOperations,
  ...subscriptionOperations,
  ...invoiceItemOperations,
  ...invoiceOperations,
  ...invoicePaymentOperations,
  ...eventOperations,
];

export interface MatchedOperation {
  operation: Operation;
  /** The variable part of the path, or empty. */
  id: string;
}

/** Returns the operation a call is for, if the simulator has it. */
export function matchOperation(method: string, path: string): MatchedOperation | undefined {
  for (const { operation, pattern } of patterns) {
    const match = operation.method === method ? pattern.exec(path) : null;
    if (match !== null) return { operation, id: match.groups?.id ?? '' };
  }
  return undefined;
}

const patterns = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replace(':id', '(?<id>[^/]+)')}$`),
}));
