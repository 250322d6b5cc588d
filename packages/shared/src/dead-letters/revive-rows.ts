import { z } from 'zod';
import { reviveInvoice } from '../billing/revive-invoice.ts';
import { reviveEvents } from '../inbox/revive-events.ts';
import { reviveNotification } from '../notifications/revive-notification.ts';
import type { Db } from '../runtime/database.ts';
import { SECOND_MS } from '../time/durations.ts';

const NamedRows = z.object({
  inboxIds: z.array(z.uuid()).default([]),
  inboxId: z.uuid().optional(),
  invoiceId: z.uuid().optional(),
  notificationId: z.uuid().optional(),
});

/** The sweeper takes what its job did not within this time. */
const WAKE_UP_AFTER_MS = 30 * SECOND_MS;

/**
 * Lets the rows move again that a job's letter names, in the transaction of its replay. Rows that were
 * given up are woken by nothing, and a job that is lost after the commit would lose them for good; so
 * the sweeps wake them too. Messages, usage and periods are always found by their sweeps.
 */
export async function reviveRows(db: Db, payload: unknown, dueAt: Date): Promise<void> {
  const { inboxIds, inboxId, invoiceId, notificationId } = NamedRows.parse(payload);
  const wakeAt = new Date(dueAt.getTime() + WAKE_UP_AFTER_MS);
  const events = inboxId === undefined ? inboxIds : [inboxId];
  if (events.length > 0) await reviveEvents(db, events, wakeAt);
  if (invoiceId !== undefined) await reviveInvoice(db, invoiceId, wakeAt);
  if (notificationId !== undefined) await reviveNotification(db, notificationId, wakeAt);
}
