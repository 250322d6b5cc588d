import { takeDueInvoices } from '@tollgate/shared/billing/invoices.ts';
import { findDuePeriods } from '@tollgate/shared/billing/periods.ts';
import { takeDueEvents } from '@tollgate/shared/inbox/inbox.ts';
import { applyStripeEvent, closePeriods, collectInvoice } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

const ROWS_PER_SWEEP = 500;

/** Wakes invoices that no job has pushed. */
export async function sweepInvoices(tx: Transaction, now: Date): Promise<number> {
  const ids = await takeDueInvoices(tx.db, now, ROWS_PER_SWEEP);
  for (const invoiceId of ids) tx.enqueue(collectInvoice, { invoiceId });
  return ids.length;
}

/** Wakes stored Stripe events whose job was lost. */
export async function sweepStripeEvents(tx: Transaction, now: Date): Promise<number> {
  const ids = await takeDueEvents(tx.db, 'stripe', now, ROWS_PER_SWEEP);
  for (const inboxId of ids) tx.enqueue(applyStripeEvent, { inboxId });
  return ids.length;
}

/** Looks whether a period ended that no tick has closed: a missed tick bills a little later, not never. */
export async function sweepPeriods(tx: Transaction, now: Date): Promise<number> {
  const due = await findDuePeriods(tx.db, { dueBy: now, tenantId: undefined, limit: ROWS_PER_SWEEP });
  if (due.length > 0) tx.enqueue(closePeriods, { trigger: 'catch-up' }, { deduplicationId: 'catch-up' });
  return due.length;
}
