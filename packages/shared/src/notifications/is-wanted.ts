import type { NoticeKind } from './notices.ts';

export type MailSwitches = { notifications: boolean; reminders: boolean; mutedKinds: readonly string[] };

/**
 * Whether the tenant wants mails of the kind. Invoices and reminders have switches of their own: a list
 * of muted kinds, written to quiet down alerts, never keeps a document from whoever has to pay it.
 */
export function isWanted(kind: NoticeKind, { notifications, reminders, mutedKinds }: MailSwitches): boolean {
  if (!notifications) return false;
  if (kind === 'invoice_issued') return true;
  if (kind === 'reminder') return reminders;
  return !mutedKinds.includes(kind);
}
