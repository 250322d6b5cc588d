import { createHash } from 'node:crypto';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import type Stripe from 'stripe';

/** Tells the tenant that an invoice was paid, once per payment. */
export async function tellOfPayment(
  tx: Transaction,
  invoiceId: string,
  invoice: Stripe.Invoice,
  now: Date,
): Promise<void> {
  const { tenantId, paymentCount, ...facts } = await factsOf(tx, invoiceId);
  const subjectId = subjectOf(`${invoiceId} paid ${paymentCount}`);
  const reference = invoice.number ?? invoice.id;
  await notifyTenant(
    tx,
    { tenantId, subjectId, kind: 'payment_received', content: { ...facts, reference } },
    now,
  );
}

/** Tells the tenant that an invoice could not be collected, once per attempt, with the address where it can be paid. */
export async function tellOfFailure(
  tx: Transaction,
  invoiceId: string,
  invoice: Stripe.Invoice,
  now: Date,
): Promise<void> {
  const { tenantId, paymentCount: _, ...facts } = await factsOf(tx, invoiceId);
  const subjectId = subjectOf(`${invoiceId} failed ${invoice.id} ${invoice.attempt_count}`);
  const url = invoice.hosted_invoice_url ?? null;
  await notifyTenant(tx, { tenantId, subjectId, kind: 'payment_failed', content: { ...facts, url } }, now);
}

async function factsOf({ db }: Transaction, invoiceId: string) {
  const { tenantId, currency, grossMinor, creditedMinor, paymentCount } = await db.invoice.findUniqueOrThrow({
    where: { id: invoiceId },
  });
  const amount = formatMicros(minorUnitsToMicros(grossMinor - creditedMinor, currency));
  return { tenantId, paymentCount, invoiceId, amount, currency };
}

/** A name for one occasion in the form of a UUID, the same for the same occasion. */
function subjectOf(occasion: string): string {
  const hex = createHash('sha256').update(occasion).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
