import type { Facts } from './facts.ts';

/** One mail per invoice: copies carry one Message-ID, what counts as sent was taken, and nothing else was. */
export function checkMails({ invoices, notifications, mails, counts }: Facts): string[] {
  const ofNotification = Map.groupBy(mails, ({ headers }) => String(headers['x-tollgate-notification']));
  const violations: string[] = [];
  for (const { id } of invoices) {
    const own = notifications.filter(({ subjectId }) => subjectId === id);
    if (own.length !== 1) violations.push(`invoice ${id} has ${own.length} mails to send`);
  }
  for (const { id, sentAt } of notifications) {
    const copies = ofNotification.get(id) ?? [];
    const identities = new Set(copies.map(({ messageId }) => messageId));
    if (identities.size > 1) violations.push(`the copies of mail ${id} have ${identities.size} identities`);
    if (sentAt !== null && copies.length === 0)
      violations.push(`mail ${id} counts as sent, but nobody took it`);
    if (copies.length > 1) counts.add('mail that was taken twice');
    ofNotification.delete(id);
  }
  for (const id of ofNotification.keys())
    violations.push(`a mail of ${id}, which is no notification, was taken`);
  return violations;
}
