import type { BilledInvoice, BilledPeriod } from '../month-end/billed-period.ts';

const month = {
  startsAt: new Date('2026-10-31T23:00:00Z'),
  timeZone: 'Europe/Prague',
  isClosed: true,
};

/** A closed month of a tenant that paid in advance: a statement. */
export function statementOf(changes: Partial<BilledInvoice> = {}): BilledPeriod {
  const invoice: BilledInvoice = {
    id: 'statement',
    document: 'statement',
    state: 'issued',
    usageMicros: 1_500_000n,
    settlesMicros: 0n,
    totalMinor: 0n,
    stripeInvoiceNumber: null,
    pushes: [],
    paymentsMicros: [],
    notificationIds: ['mail-1'],
  };
  return {
    ...month,
    tenant: 'Hotel',
    currency: 'CZK',
    isCollected: false,
    invoices: [{ ...invoice, ...changes }],
  };
}

/** A closed month of a tenant that pays later: an invoice, pushed and paid. */
export function invoiceOf(changes: Partial<BilledInvoice> = {}): BilledPeriod {
  const invoice: BilledInvoice = {
    id: 'invoice',
    document: 'stripe',
    state: 'paid',
    usageMicros: 60_000n,
    settlesMicros: 60_000n,
    totalMinor: 6n,
    stripeInvoiceNumber: 'ABC-0002',
    pushes: [{ state: 'confirmed', stripeId: 'ii_1', lastError: null }],
    paymentsMicros: [60_000n],
    notificationIds: ['mail-2'],
  };
  return {
    ...month,
    tenant: 'Garage',
    currency: 'EUR',
    isCollected: true,
    invoices: [{ ...invoice, ...changes }],
  };
}
