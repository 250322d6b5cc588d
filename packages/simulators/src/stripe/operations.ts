import { accountOperations } from './account/account-operations.ts';
import type { Operation } from './account/operation.ts';
import { chargeOperations } from './charges/charge-operations.ts';
import { checkoutOperations } from './checkout/checkout-operations.ts';
import { customerOperations } from './customers/customer-operations.ts';
import { disputeOperations } from './disputes/dispute-operations.ts';
import { eventOperations } from './events/event-operations.ts';
import { invoiceItemOperations } from './invoice-items/invoice-item-operations.ts';
import { invoicePaymentOperations } from './invoice-payments/invoice-payment-operations.ts';
import { invoiceOperations } from './invoices/invoice-operations.ts';
import { meterOperations } from './meters/meter-operations.ts';
import { paymentIntentOperations } from './payment-intents/payment-intent-operations.ts';
import { paymentMethodOperations } from './payment-methods/payment-method-operations.ts';
import { portalOperations } from './portal/portal-operations.ts';
import { priceOperations } from './prices/price-operations.ts';
import { productOperations } from './products/product-operations.ts';
import { refundOperations } from './refunds/refund-operations.ts';
import { setupIntentOperations } from './setup-intents/setup-intent-operations.ts';
import { subscriptionOperations } from './subscriptions/subscription-operations.ts';
import { taxOperations } from './tax/tax-operations.ts';
import { webhookEndpointOperations } from './webhook-endpoints/webhook-endpoint-operations.ts';

/** Everything the simulator answers. */
export const operations: Operation[] = [
  ...customerOperations,
  ...productOperations,
  ...priceOperations,
  ...subscriptionOperations,
  ...invoiceItemOperations,
  ...invoiceOperations,
  ...invoicePaymentOperations,
  ...chargeOperations,
  ...checkoutOperations,
  ...disputeOperations,
  ...meterOperations,
  ...paymentIntentOperations,
  ...paymentMethodOperations,
  ...portalOperations,
  ...refundOperations,
  ...setupIntentOperations,
  ...taxOperations,
  ...webhookEndpointOperations,
  ...accountOperations,
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
