import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Inbox } from '@tollgate/shared/inbox/inbox.ts';
import { applyStripeEvent } from '@tollgate/shared/queues/catalog.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { type StripeLeaseDeps, withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';

export type CatchUpDeps = TransactionDeps &
  StripeLeaseDeps & { logger: Logger; stripe: Stripe; inbox: Inbox };

/** Stripe lists the events of 30 days; an hour less, so that the oldest page is still there when it is asked for. */
const LOOK_BACK_MS_MAX = 30 * DAY_MS - HOUR_MS;
/** Events are listed a little after they were created, and clocks differ. */
const OVERLAP_MS = HOUR_MS;
const EVENTS_PER_STORE = 100;
const FIRST_WAKE_UP_MS = 10 * SECOND_MS;

/**
 * Stores what Stripe has told since the last look and no webhook brought: the same event is stored once,
 * whichever way it came. Returns how many were new. How far it looked is noted only once all is stored.
 */
export function catchUpWithStripe(deps: CatchUpDeps): Promise<number> {
  return withStripeLease(deps, 'catch-up', async (lease) => {
    const { prisma, clock, stripe } = deps;
    const now = clock.now();
    const last = await prisma.stripeCatchUp.findUnique({ where: { id: 1 } });
    const earliest = now.getTime() - LOOK_BACK_MS_MAX;
    const since = Math.max(earliest, (last?.seenUntil.getTime() ?? earliest) - OVERLAP_MS);
    let stored = 0;
    let page: Stripe.Event[] = [];
    const created = { gte: Math.floor(since / SECOND_MS) };
    for await (const event of stripe.events.list({ created, limit: 100 })) {
      page.push(event);
      if (page.length < EVENTS_PER_STORE) continue;
      await lease.extend();
      stored += await store(deps, page);
      page = [];
    }
    stored += await store(deps, page);
    const seen = { seenUntil: now, ranAt: now };
    await prisma.stripeCatchUp.upsert({ where: { id: 1 }, create: { id: 1, ...seen }, update: seen });
    if (stored > 0) deps.logger.warn({ stored }, 'events of Stripe came by no webhook');
    return stored;
  });
}

function store(deps: CatchUpDeps, events: readonly Stripe.Event[]): Promise<number> {
  return inTransaction(deps, async (tx) => {
    const receivedAt = deps.clock.now();
    const wakeAt = new Date(receivedAt.getTime() + FIRST_WAKE_UP_MS);
    const inboxIds = await deps.inbox.store(
      tx.db,
      events.map((event) => ({
        id: newId(),
        source: 'stripe',
        externalId: event.id,
        body: JSON.stringify(event),
        receivedAt,
        wakeAt,
      })),
    );
    for (const inboxId of inboxIds) tx.enqueue(applyStripeEvent, { inboxId });
    return inboxIds.length;
  });
}
