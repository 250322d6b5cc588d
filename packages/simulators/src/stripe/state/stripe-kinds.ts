import type { BalanceTransaction } from '../customers/balance-transaction.ts';
import type { Customer, DeletedCustomer } from '../customers/customer.ts';
import type { TaxId } from '../customers/tax-id.ts';
import type { StripeEvent } from '../events/stripe-event.ts';
import type { InvoiceItem } from '../invoice-items/invoice-item.ts';
import type { InvoicePayment } from '../invoice-payments/invoice-payment.ts';
import type { PaymentIntent } from '../invoice-payments/payment-intent.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { LineItem } from '../invoices/line-item.ts';
import type { Price } from '../prices/price.ts';
import type { Product } from '../products/product.ts';
import type { Subscription } from '../subscriptions/subscription.ts';

/** Everything that is stored, by the name it is stored under. */
export interface StripeKinds {
  customer: Customer;
  deleted_customer: DeletedCustomer;
  tax_id: TaxId;
  customer_balance_transaction: BalanceTransaction;
  product: Product;
  price: Price;
  subscription: Subscription;
  invoiceitem: InvoiceItem;
  invoice: Invoice;
  line_item: LineItem;
  invoice_payment: InvoicePayment;
  payment_intent: PaymentIntent;
  event: StripeEvent;
}
