import type { ClaimedNotification } from '@tollgate/shared/notifications/claim-notification.ts';
import type { MailContent } from '@tollgate/shared/notifications/notices.ts';
import { renderMail } from '../emails/render-mail.ts';
import type { Mail, MailAddress, MailAttachment } from '../smtp/mailer.ts';

/**
 * The mail of a notification. Its Message-ID is made from the notification's id alone, so that a copy
 * is the same message to whoever receives it.
 */
export function buildMail(
  { id, recipient, createdAt }: Pick<ClaimedNotification, 'id' | 'recipient' | 'createdAt'>,
  content: MailContent,
  attachments: MailAttachment[],
  from: MailAddress,
): Mail {
  return {
    messageId: `<${id}@${domainOf(from.address)}>`,
    date: createdAt,
    from,
    recipient,
    headers: {
      'X-Tollgate-Notification': id,
      // RFC 3834: keeps out-of-office robots from answering.
      'Auto-Submitted': 'auto-generated',
    },
    ...renderMail(content),
    attachments,
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
