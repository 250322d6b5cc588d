import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { hashParams } from './canonical-json.ts';

export type PushKind = 'invoice_item' | 'draft_invoice' | 'draft_item' | 'finalize' | 'meter_event' | 'void';

/** deferred: below Stripe's minimum, waiting for the next invoice. */
export type PushState = 'sent' | 'confirmed' | 'deferred' | 'rejected' | 'needs_human' | 'discarded';

/** One object that we make at Stripe. */
export type Push<Params = Record<string, unknown>> = {
  id: string;
  invoiceId: string;
  tenantId: string;
  kind: PushKind;
  part: number;
  customer: string;
  params: Params;
  attempt: number;
  idempotencyKey: string;
  state: PushState;
  firstSentAt: Date;
  stripeId: string | null;
  seen?: unknown;
};

/** Noted on a discarded push: what it asked for goes another way, so nobody gave it up. */
export const moved = { moved: true };

export function isMoved({ state, seen }: Pick<Push, 'state' | 'seen'>): boolean {
  return state === 'discarded' && typeof seen === 'object' && seen !== null && 'moved' in seen;
}

/** How an object at Stripe is found again: in its own metadata. */
export type PushMetadata = Record<'push_id' | 'tenant_id' | 'invoice_id' | 'params_hash', string>;

export type NewPush = Pick<Push, 'invoiceId' | 'tenantId' | 'kind' | 'customer'> & {
  part?: number;
  params: Record<string, unknown>;
  /** Left out where the call takes no metadata. */
  withMetadata?: boolean;
  state?: 'sent' | 'deferred';
};

/** Every push of an invoice, in the order in which it is made. */
export async function findPushes(db: Db, invoiceId: string): Promise<Push[]> {
  const rows = await db.stripePush.findMany({
    where: { invoiceId },
    orderBy: [{ kind: 'asc' }, { part: 'asc' }],
  });
  return rows as unknown as Push[];
}

/**
 * Freezes what will be asked of Stripe. It must be committed before Stripe is called. The database
 * refuses a second push of the same kind and part.
 */
export async function createPush<Params = Record<string, unknown>>(
  db: Db,
  { params, withMetadata = true, part = 0, state = 'sent', ...push }: NewPush,
  now: Date,
): Promise<Push<Params>> {
  const id = newId();
  const frozen = withMetadata ? { ...params, metadata: metadataOf(id, push, params) } : params;
  const row = {
    id,
    ...push,
    part,
    attempt: 1,
    idempotencyKey: keyOf(push.kind, id, 1),
    state,
    firstSentAt: now,
  };
  await db.stripePush.create({ data: { ...row, params: frozen as Prisma.InputJsonObject } });
  return { ...row, params: frozen as Params, stripeId: null };
}

/** Sends what was deferred after all, with these parameters. Null where it is not deferred any more. */
export async function sendDeferred(
  db: Db,
  { push, params }: { push: Push; params: Record<string, unknown> },
  now: Date,
): Promise<Push | null> {
  const frozen = { ...params, metadata: metadataOf(push.id, push, params) };
  const idempotencyKey = keyOf(push.kind, push.id, push.attempt);
  const { count } = await db.stripePush.updateMany({
    where: { id: push.id, state: 'deferred' },
    data: { state: 'sent', params: frozen as Prisma.InputJsonObject, idempotencyKey, firstSentAt: now },
  });
  if (count === 0) return null;
  // Whoever dies before the call leaves it to the sweep.
  await db.invoice.update({
    where: { id: push.invoiceId },
    data: { wakeAt: new Date(now.getTime() + MINUTE_MS), wakeCount: 0 },
  });
  return { ...push, state: 'sent', params: frozen, idempotencyKey, firstSentAt: now };
}

/** With a key of its own next time: Stripe remembers the last one's with other parameters. */
export const deferredAgain = { state: 'deferred', stripeId: null, attempt: { increment: 1 } } as const;

/** Whether the parameters are still those that were frozen; what carries no hash is trusted. */
export function isAsFrozen({ params }: Push): boolean {
  const metadata = params.metadata as PushMetadata | undefined;
  return metadata === undefined || metadata.params_hash === hashParams(params);
}

/** Records the object that the push made. Another push never gets the same one. */
export async function confirmPush(db: Db, { id }: Pick<Push, 'id'>, stripeId: string): Promise<void> {
  await db.stripePush.updateMany({
    where: { id, state: 'sent' },
    data: { state: 'confirmed', stripeId, lastError: null },
  });
}

/** Starts another attempt with a key of its own; only after a look-up found that the last one made nothing. */
export async function renewPush(db: Db, push: Push, now: Date): Promise<Push> {
  const attempt = push.attempt + 1;
  const renewed = { attempt, idempotencyKey: keyOf(push.kind, push.id, attempt), firstSentAt: now };
  const { count } = await db.stripePush.updateMany({
    where: { id: push.id, state: 'sent', attempt: push.attempt },
    data: renewed,
  });
  if (count === 0) throw new Error(`push ${push.id} was renewed by another worker`);
  return { ...push, ...renewed };
}

/** Nothing wakes invoices for their pushes any more; one that was voided meanwhile still has to be taken back. */
export async function stopWaking(db: Db, invoiceIds: readonly string[]): Promise<void> {
  await db.invoice.updateMany({
    where: { id: { in: [...invoiceIds] }, state: { not: 'void' }, NOT: { wakeAt: null } },
    data: { wakeAt: null, wakeCount: 0 },
  });
}

/** Key of the n-th attempt; the same attempt always carries the same key. */
export function keyOf(kind: PushKind, pushId: string, attempt: number): string {
  return `tollgate:${kind}:${pushId}:a${attempt}`;
}

function metadataOf(
  pushId: string,
  { tenantId, invoiceId }: Pick<Push, 'tenantId' | 'invoiceId'>,
  params: Record<string, unknown>,
): PushMetadata {
  return { push_id: pushId, tenant_id: tenantId, invoice_id: invoiceId, params_hash: hashParams(params) };
}
