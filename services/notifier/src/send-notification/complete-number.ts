import type { MailContent } from '@tollgate/shared/notifications/notices.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';

/**
 * The content with the number of its invoice. A number is the last thing that issuing an invoice writes,
 * after its mail was stored; once given it never changes, so every attempt of the mail says the same.
 */
export async function completeNumber(db: Db, mail: MailContent): Promise<MailContent> {
  if (mail.kind !== 'invoice_issued' || mail.content.invoice.number !== null) return mail;
  const { content } = mail;
  const row = await db.invoice.findUnique({
    where: { id: content.invoiceId },
    select: { number: true, stripeInvoiceNumber: true },
  });
  const number = row?.number ?? row?.stripeInvoiceNumber ?? null;
  return { ...mail, content: { ...content, invoice: { ...content.invoice, number } } };
}
