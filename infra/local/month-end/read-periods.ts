import { paymentReference } from '@tollgate/shared/billing/settle-invoice.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { BilledInvoice, BilledPeriod } from './billed-period.ts';

/** An open period of a tenant, to be closed. */
export type OpenPeriod = { id: string; tenantId: string; endsAt: Date };

/** The open periods of the tenants: one each. */
export function findOpenPeriods(db: Db, tenantIds: readonly string[]): Promise<OpenPeriod[]> {
  return db.billingPeriod.findMany({
    where: { tenantId: { in: [...tenantIds] }, closedAt: null },
    select: { id: true, tenantId: true, endsAt: true },
    orderBy: { tenantId: 'asc' },
  });
}

/** What became of periods, in the order of their tenants. `names` are those of the tenants by id. */
export async function readPeriods(
  db: Db,
  ids: readonly string[],
  names: ReadonlyMap<string, string>,
): Promise<BilledPeriod[]> {
  const periods = await db.billingPeriod.findMany({
    where: { id: { in: [...ids] } },
    include: { invoices: { where: { state: { not: 'void' } }, include: { pushes: true } } },
    orderBy: { tenantId: 'asc' },
  });
  // After the invoices: a payment is booked with its invoice, so one that is seen paid has its entry.
  const invoiceIds = periods.flatMap(({ invoices }) => invoices.map(({ id }) => id));
  const entries = await db.ledgerEntry.findMany({
    where: { kind: 'invoice_payment', reference: { in: invoiceIds.map(paymentReference) } },
  });
  const notifications = await db.notification.findMany({
    where: { kind: 'usage_summary', subjectId: { in: invoiceIds } },
  });
  const withTraces = (invoice: Omit<BilledInvoice, 'paymentsMicros' | 'notificationIds'>): BilledInvoice => ({
    ...invoice,
    paymentsMicros: entries
      .filter(({ reference }) => reference === paymentReference(invoice.id))
      .map(({ amountMicros }) => amountMicros),
    notificationIds: notifications.filter(({ subjectId }) => subjectId === invoice.id).map(({ id }) => id),
  });
  return periods.map(({ tenantId, closedAt, collection, invoices, ...period }) => ({
    ...period,
    tenant: names.get(tenantId) ?? tenantId,
    isCollected: period.paymentTerms === 'postpaid' && collection !== 'none',
    isClosed: closedAt !== null,
    invoices: invoices.map(withTraces),
  }));
}
