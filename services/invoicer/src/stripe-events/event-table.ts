/** What is read again from Stripe for an event, and which object of it says what. */
export type EventPlan =
  | { kind: Applied; of: 'object' | 'customer' | 'invoice' | 'event' }
  /** Kept in the inbox, and nothing done: `reason` says why. */
  | { kind: 'ignored'; reason: string };

export type Applied =
  | 'invoice'
  | 'invoice_item'
  | 'invoice_alert'
  | 'customer'
  | 'subscription'
  | 'payment_methods'
  | 'session'
  | 'intent'
  | 'refund'
  | 'dispute'
  | 'fraud_warning'
  | 'credit_note'
  | 'prices'
  | 'meter_errors'
  | 'payout';

const about = (kind: Applied, of: 'object' | 'customer' | 'invoice' | 'event' = 'object'): EventPlan => ({
  kind,
  of,
});
const ignored = (reason: string): EventPlan => ({ kind: 'ignored', reason });

const told = ignored('another event tells the same');
const unused = ignored('nothing of ours uses it');

/** Every type that an endpoint of ours subscribes to, and those that Stripe sends beside them. */
const table: Record<string, EventPlan> = {
  'customer.created': about('customer'),
  'customer.updated': about('customer'),
  'customer.deleted': about('customer'),
  'customer.tax_id.created': about('customer', 'customer'),
  'customer.tax_id.updated': about('customer', 'customer'),
  'customer.tax_id.deleted': about('customer', 'customer'),
  'customer.subscription.created': about('subscription'),
  'customer.subscription.updated': about('subscription'),
  'customer.subscription.deleted': about('subscription'),
  'customer.subscription.paused': about('subscription'),
  'customer.subscription.resumed': about('subscription'),
  'customer.subscription.trial_will_end': about('subscription'),
  'customer.subscription.pending_update_applied': about('subscription'),
  'customer.subscription.pending_update_expired': about('subscription'),
  'invoice.upcoming': ignored('usage is pushed when its period closes'),
  'invoice.created': about('invoice'),
  'invoice.updated': about('invoice'),
  'invoice.finalized': about('invoice'),
  'invoice.finalization_failed': about('invoice'),
  'invoice.sent': about('invoice'),
  'invoice.paid': about('invoice'),
  'invoice.payment_succeeded': ignored('invoice.paid tells the same, and of payments elsewhere too'),
  'invoice.payment_failed': about('invoice'),
  'invoice.payment_action_required': about('invoice'),
  'invoice.payment_attempt_required': about('invoice_alert'),
  'invoice.overdue': ignored('reminders have their own timers'),
  'invoice.will_be_due': ignored('reminders have their own timers'),
  'invoice.overpaid': about('invoice'),
  'invoice.marked_uncollectible': about('invoice'),
  'invoice.voided': about('invoice'),
  'invoice.deleted': about('invoice'),
  'invoice_payment.paid': about('invoice', 'invoice'),
  'invoiceitem.created': about('invoice_item'),
  'invoiceitem.deleted': about('invoice_item'),
  'checkout.session.completed': about('session'),
  'checkout.session.async_payment_succeeded': about('session'),
  'checkout.session.async_payment_failed': about('session'),
  'checkout.session.expired': about('session'),
  'payment_intent.created': told,
  'payment_intent.succeeded': about('intent'),
  'payment_intent.payment_failed': about('intent'),
  'payment_intent.requires_action': about('intent'),
  'payment_intent.processing': about('intent'),
  'payment_intent.canceled': about('intent'),
  'setup_intent.succeeded': about('payment_methods', 'customer'),
  'setup_intent.setup_failed': about('payment_methods', 'customer'),
  'payment_method.attached': about('payment_methods', 'customer'),
  'payment_method.detached': about('payment_methods', 'customer'),
  'payment_method.updated': about('payment_methods', 'customer'),
  'payment_method.automatically_updated': about('payment_methods', 'customer'),
  'charge.succeeded': told,
  'charge.failed': told,
  'charge.updated': told,
  'charge.refunded': ignored('refund.created and refund.updated tell the same'),
  'charge.refund.updated': told,
  'refund.created': about('refund'),
  'refund.updated': about('refund'),
  'refund.failed': about('refund'),
  'charge.dispute.created': about('dispute'),
  'charge.dispute.updated': about('dispute'),
  'charge.dispute.funds_withdrawn': about('dispute'),
  'charge.dispute.funds_reinstated': about('dispute'),
  'charge.dispute.closed': about('dispute'),
  'radar.early_fraud_warning.created': about('fraud_warning'),
  'radar.early_fraud_warning.updated': about('fraud_warning'),
  'credit_note.created': about('credit_note', 'invoice'),
  'credit_note.updated': about('credit_note', 'invoice'),
  'credit_note.voided': about('credit_note', 'invoice'),
  'customer_cash_balance_transaction.created': ignored('bank transfers do not go through Stripe'),
  'price.created': about('prices'),
  'price.updated': about('prices'),
  'price.deleted': about('prices'),
  'product.created': told,
  'product.updated': about('prices'),
  'product.deleted': about('prices'),
  'tax_rate.created': ignored('rates are looked up when they are used'),
  'tax_rate.updated': ignored('rates are looked up when they are used'),
  'tax.settings.updated': ignored('a finalization that fails for it raises an alert'),
  'billing.alert.triggered': unused,
  'billing.credit_grant.created': unused,
  'billing.credit_grant.updated': unused,
  // Thin: they say nothing but what they are about, so the event itself is read again.
  'v1.billing.meter.error_report_triggered': about('meter_errors', 'event'),
  'v1.billing.meter.no_meter_found': about('meter_errors', 'event'),
  'subscription_schedule.created': told,
  'subscription_schedule.updated': told,
  'subscription_schedule.released': told,
  'subscription_schedule.canceled': told,
  'subscription_schedule.completed': told,
  'subscription_schedule.aborted': told,
  'subscription_schedule.expiring': told,
  'payout.failed': about('payout'),
  'payout.paid': ignored('a matter of the bank account'),
  'test_helpers.test_clock.ready': ignored('sandboxes at Stripe only'),
};

/** What to do about an event; an unknown type is kept and ignored. */
export function planOf(type: string): EventPlan {
  return table[type] ?? ignored('unknown type');
}

/** Every type that has a plan. */
export const plannedTypes: readonly string[] = Object.keys(table);
