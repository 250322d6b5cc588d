import type { ClaimedNotification } from '@tollgate/shared/notifications/claim-notification.ts';
import { UsageSummary } from '@tollgate/shared/notifications/usage-summary.ts';
import { z } from 'zod';
import { renderUsageSummary } from '../emails/usage-summary.ts';
import type { Mail, MailAddress } from '../smtp/mailer.ts';

const Content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('usage_summary'), content: UsageSummary }),
]);

/**
 * The mail of a notification. Its Message-ID is made from the notification's id alone, so that a copy
 * is the same message to whoever receives it. Throws ZodError for content that does not fit its kind.
 */
export function buildMail(notification: ClaimedNotification, from: MailAddress): Mail {
  const { id, kind, content, recipient, createdAt } = notification;
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
    ...render(Content.parse({ kind, content })),
  };
}

function render({ kind, content }: z.infer<typeof Content>) {
  switch (kind) {
    case 'usage_summary':
      return renderUsageSummary(content);
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
