import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { buildItem, type ItemParams, itemKey } from './build-item.ts';

export type Push = {
  id: string;
  invoiceId: string;
  tenantId: string;
  params: ItemParams;
  attempt: number;
  idempotencyKey: string;
  state: 'sent' | 'confirmed' | 'rejected' | 'needs_human';
  firstSentAt: Date;
  /** Whether the row was there before, so that its call may have been made already. */
  isRepeated: boolean;
};

/**
 * The push of an invoice, made and frozen when there is none yet. It must be committed before Stripe
 * is called. Null when there is nothing to push: paid, void, or nothing owed.
 */
export async function preparePush(db: Db, invoiceId: string, now: Date): Promise<Push | null> {
  const [locked] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM invoices
    WHERE id = ${invoiceId}::uuid AND document = 'stripe' AND state IN ('issued', 'payment_failed') AND total_minor > 0
    FOR UPDATE`;
  if (!locked) return null;
  const existing = await db.stripePush.findUnique({
    where: { invoiceId_kind: { invoiceId, kind: 'invoice_item' } },
  });
  if (existing) return { ...(existing as unknown as Push), isRepeated: true };

  const invoice = await db.invoice.findUniqueOrThrow({
    where: { id: invoiceId },
    include: { lines: { orderBy: { position: 'asc' } }, period: true },
  });
  const settings = await db.billingSettings.findUniqueOrThrow({ where: { tenantId: invoice.tenantId } });
  const { stripeCustomerId: customer, stripeSubscriptionId: subscription } = settings;
  if (!customer || !subscription)
    throw new RangeError(`tenant ${invoice.tenantId} has no Stripe subscription`);
  const id = newId();
  const params = buildItem({
    ...invoice,
    ...invoice.period,
    pushId: id,
    invoiceId,
    customer,
    subscription,
    lines: invoice.lines as Parameters<typeof buildItem>[0]['lines'],
  });
  const row = {
    id,
    invoiceId,
    tenantId: invoice.tenantId,
    attempt: 1,
    idempotencyKey: itemKey(id, 1),
    state: 'sent' as const,
    firstSentAt: now,
  };
  await db.stripePush.create({ data: { ...row, kind: 'invoice_item', params } });
  return { ...row, params, isRepeated: false };
}

/** Records the object that the push made, and that the invoice needs no more waking for it. */
export async function confirmPush(
  db: Db,
  push: Pick<Push, 'id' | 'invoiceId'>,
  stripeId: string,
): Promise<void> {
  await db.stripePush.updateMany({
    where: { id: push.id, state: 'sent' },
    data: { state: 'confirmed', stripeId, lastError: null },
  });
  await db.invoice.updateMany({ where: { id: push.invoiceId }, data: { wakeAt: null, wakeCount: 0 } });
}

/** Stops a push for a person to look at; nothing repeats it by itself. */
export async function stopPush(
  db: Db,
  push: Push,
  state: 'rejected' | 'needs_human',
  lastError: string,
): Promise<void> {
  await db.stripePush.updateMany({ where: { id: push.id, state: 'sent' }, data: { state, lastError } });
  await db.invoice.updateMany({ where: { id: push.invoiceId }, data: { wakeAt: null, wakeCount: 0 } });
}

/** Starts another attempt with a key of its own; only after a look-up found that the last one made nothing. */
export async function renewPush(db: Db, push: Push, now: Date): Promise<Push> {
  const attempt = push.attempt + 1;
  const renewed = { attempt, idempotencyKey: itemKey(push.id, attempt), firstSentAt: now };
  const { count } = await db.stripePush.updateMany({
    where: { id: push.id, state: 'sent', attempt: push.attempt },
    data: renewed,
  });
  if (count === 0) throw new Error(`push ${push.id} was renewed by another worker`);
  return { ...push, ...renewed };
}
