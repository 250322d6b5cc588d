import { v5 } from 'uuid';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { decideReminder, reminderDays } from './decide-reminder.ts';
import { dueDay, unpaidInvoices } from './unpaid-invoices.ts';

type Candidate = { invoiceId: string; tenantId: string; daysPastDue: number; lastLevel: number };

/**
 * Reminds of invoices past due where the tenant wants reminders, each level once; returns of how many.
 * The reminder is kept whether or not there is an address to mail it to.
 */
export async function sendReminders(
  tx: Transaction,
  { today, limit }: { today: string; limit: number },
  at: Date,
): Promise<number> {
  let count = 0;
  for (const { invoiceId, tenantId, ...facts } of await findCandidates(tx.db, today, limit)) {
    const level = decideReminder(facts);
    if (level === null) continue;
    const { count: made } = await tx.db.invoiceReminder.createMany({
      data: [{ invoiceId, level, tenantId, remindedAt: at }],
      skipDuplicates: true,
    });
    if (made === 0) continue;
    const subjectId = v5(`reminder ${level}`, invoiceId);
    await notifyTenant(tx, { tenantId, kind: 'reminder', subjectId, content: { invoiceId, level } }, at);
    await noteMail(tx.db, { invoiceId, level, subjectId });
    count += 1;
  }
  return count;
}

function findCandidates(db: Db, today: string, limit: number): Promise<Candidate[]> {
  const [first, second, third] = reminderDays;
  return db.$queryRaw<Candidate[]>`
    SELECT i.id AS "invoiceId", i.tenant_id AS "tenantId",
           ${today}::date - ${dueDay} AS "daysPastDue", coalesce(r.level, 0) AS "lastLevel"
    FROM invoices i
    JOIN billing_settings s ON s.tenant_id = i.tenant_id AND s.reminders
    LEFT JOIN LATERAL (
      SELECT max(level)::int AS level FROM invoice_reminders WHERE invoice_id = i.id) r ON true
    WHERE ${unpaidInvoices} AND ${dueDay} <= ${today}::date - ${first}::int
      AND coalesce(r.level, 0) < CASE
        WHEN ${dueDay} <= ${today}::date - ${third}::int THEN 3
        WHEN ${dueDay} <= ${today}::date - ${second}::int THEN 2
        ELSE 1 END
    ORDER BY i.id
    LIMIT ${limit}`;
}

async function noteMail(
  db: Db,
  { invoiceId, level, subjectId }: { invoiceId: string; level: number; subjectId: string },
): Promise<void> {
  const mail = await db.notification.findUnique({
    where: { kind_subjectId: { kind: 'reminder', subjectId } },
    select: { id: true },
  });
  if (!mail) return;
  await db.invoiceReminder.update({
    where: { invoiceId_level: { invoiceId, level } },
    data: { notificationId: mail.id },
  });
}
