import type { ObjectTable } from '../state/object-table.ts';
import { periodEndOf } from '../subscriptions/subscription.ts';

const dueMax = 1000;

/** Returns the running subscriptions whose period has ended by the instant, in seconds. */
export function dueSubscriptions(objects: ObjectTable, now: number): string[] {
  return running(objects)
    .filter((subscription) => periodEndOf(subscription) <= now)
    .map(({ id }) => id);
}

/** Returns the running subscriptions that are to bill their pending items by the instant, in seconds. */
export function duePendingItemIntervals(objects: ObjectTable, now: number): string[] {
  return running(objects)
    .filter(({ next_pending_invoice_item_invoice: at }) => at !== null && at <= now)
    .map(({ id }) => id);
}

/** Returns the invoices that advance by themselves and are due: drafts for finalizing, open ones for collecting. */
export function dueInvoices(objects: ObjectTable, status: 'draft' | 'open', now: number): string[] {
  const where = { '$.status': status, '$.auto_advance': true } as const;
  return objects
    .list('invoice', { where, order: 'oldest first', limit: dueMax })
    .filter((invoice) => {
      const at = status === 'draft' ? invoice.automatically_finalizes_at : invoice.next_payment_attempt;
      return at !== null && at <= now;
    })
    .map(({ id }) => id);
}

/** Returns the open Checkout sessions whose time is over by the instant, in seconds. */
export function dueSessions(objects: ObjectTable, now: number): string[] {
  return openSessions(objects)
    .filter(({ expires_at: at }) => at <= now)
    .map(({ id }) => id);
}

function openSessions(objects: ObjectTable) {
  return objects.list('checkout.session', {
    where: { '$.status': 'open' },
    order: 'oldest first',
    limit: dueMax,
  });
}

/** Returns the soonest instant, in seconds, at which anything is due, or null. */
export function nextDue(objects: ObjectTable): number | null {
  const where = { '$.status': ['draft', 'open'] as string[], '$.auto_advance': true } as const;
  const invoices = objects.list('invoice', { where, order: 'oldest first', limit: dueMax });
  const instants = [
    ...running(objects).flatMap((subscription) => [
      periodEndOf(subscription),
      subscription.next_pending_invoice_item_invoice,
    ]),
    ...openSessions(objects).map(({ expires_at: at }) => at),
    ...invoices.map((invoice) =>
      invoice.status === 'draft' ? invoice.automatically_finalizes_at : invoice.next_payment_attempt,
    ),
  ].filter((instant) => instant !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

function running(objects: ObjectTable) {
  const where = { '$.status': ['active', 'past_due'] as string[] } as const;
  return objects.list('subscription', { where, order: 'oldest first', limit: dueMax });
}
