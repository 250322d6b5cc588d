import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';

export const ReminderView = z
  .object({
    level: z.number().int(),
    remindedAt: z.iso.datetime(),
    mailedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the mail server took it; null where it went to nobody, or not yet.' }),
  })
  .meta({ id: 'InvoiceReminder' });

export const RemindersView = z
  .object({ reminders: z.array(ReminderView) })
  .meta({ id: 'InvoiceReminders', description: 'Each has its PDF at /reminders/{level}/pdf.' });

/** The reminders of an invoice by level; there are a few at most. */
export async function listReminders(db: Db, invoiceId: string): Promise<z.infer<typeof ReminderView>[]> {
  const rows = await db.invoiceReminder.findMany({ where: { invoiceId }, orderBy: { level: 'asc' } });
  const mails = await db.notification.findMany({
    where: { id: { in: rows.flatMap(({ notificationId }) => notificationId ?? []) } },
    select: { id: true, sentAt: true },
  });
  return rows.map(({ level, remindedAt, notificationId }) => ({
    level,
    remindedAt: remindedAt.toISOString(),
    mailedAt: mails.find(({ id }) => id === notificationId)?.sentAt?.toISOString() ?? null,
  }));
}
