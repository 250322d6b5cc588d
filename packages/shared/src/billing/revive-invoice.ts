import type { Db } from '../runtime/database.ts';

/**
 * Lets an unpaid invoice be pushed again that Stripe refused. Its push becomes so old that nobody
 * trusts its key: Stripe would answer a known key with the stored refusal, so the invoicer looks up
 * what is there and sends under another one. What goes on by itself stays as it is.
 */
export async function reviveInvoice(db: Db, invoiceId: string, wakeAt: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE stripe_pushes SET state = 'sent', first_sent_at = least(first_sent_at, ${wakeAt}::timestamptz - interval '2 days')
    WHERE invoice_id = ${invoiceId}::uuid AND state = 'rejected'`;
  await db.invoice.updateMany({
    where: { id: invoiceId, document: 'stripe', state: { in: ['issued', 'payment_failed'] }, wakeAt: null },
    data: { wakeAt, wakeCount: 0 },
  });
}
