import type { DocumentKind } from '@tollgate/documents/document-of.ts';
import type { MailContent } from '@tollgate/shared/notifications/notices.ts';

/** A PDF that goes with a mail; one that is required keeps the mail back until it is there. */
export type Attachment = { invoiceId: string; kind: DocumentKind; isRequired: boolean };

/**
 * Which PDF goes with a mail: an invoice of ours with its own mail, a reminder with its reminder, any
 * other statement with the summary of the usage. Stripe sends its documents itself.
 */
export function chooseAttachment({ kind, content }: MailContent): Attachment | null {
  switch (kind) {
    case 'invoice_issued':
      return content.invoice.document === 'stripe'
        ? null
        : { invoiceId: content.invoiceId, kind: 'document', isRequired: true };
    case 'reminder':
      return { invoiceId: content.invoiceId, kind: `reminder_${content.level}`, isRequired: true };
    case 'usage_summary':
      return content.invoiceId === undefined || content.document === 'ours'
        ? null
        : { invoiceId: content.invoiceId, kind: 'document', isRequired: false };
    default:
      return null;
  }
}
