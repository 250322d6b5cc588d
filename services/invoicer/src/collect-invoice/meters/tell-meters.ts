import { closeOperatorAlert, raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { MeterPush } from '@tollgate/shared/generated/prisma/client.ts';
import { classifyStripeError } from '@tollgate/shared/stripe/classify-error.ts';
import { withStripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import { HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import Stripe from 'stripe';
import { type CollectDeps, settingsOf } from '../collect-deps.ts';
import { findPayer } from '../stripe/find-payer.ts';
import { decideMeter } from './decide-meter.ts';
import { findUntold, insertMeterPush, type UntoldUsage } from './meter-pushes.ts';

/** Stripe refuses the same identifier again for at least 24 hours; after that nothing at Stripe tells. */
const IDENTIFIER_TRUSTED_MS = 20 * HOUR_MS;

/**
 * Tells Stripe the usage of closed days, once: each day's row is committed before the call and carries
 * the event's identifier. Our rows are the truth, because Stripe guards an identifier for a day only.
 * Returns how many events were told.
 */
export async function tellMeters(deps: CollectDeps, { tenantId }: { tenantId?: string }): Promise<number> {
  const { meters } = settingsOf(deps);
  const names = Object.keys(meters).filter((meter) => meters[meter] !== undefined);
  if (names.length === 0) return 0;
  return withStripeLease(deps, 'meters', async (lease) => {
    const now = deps.clock.now();
    const untold = await findUntold(deps.prisma, { meters: names, tenantId, now });
    const isTold = await chooseTold(deps, untold);
    for (const usage of untold) {
      const payer = await isTold(usage);
      const eventName = meters[usage.meter];
      if (payer !== null && eventName !== undefined)
        await insertMeterPush(deps.prisma, usage, { customerId: payer, eventName, now });
    }
    let told = 0;
    const waiting = await deps.prisma.meterPush.findMany({
      where: { state: 'sent', ...(tenantId !== undefined && { tenantId }) },
      orderBy: [{ day: 'asc' }, { sequence: 'asc' }],
    });
    for (const push of waiting) {
      await lease.extend();
      if (await tell(deps, push)) told += 1;
    }
    return told;
  });
}

/** Asks once per tenant and meter who bills it; gives the customer to tell, or null. */
async function chooseTold(deps: CollectDeps, untold: readonly UntoldUsage[]) {
  const { meters } = settingsOf(deps);
  const meterIds = new Map<string, string>();
  if (untold.length > 0) {
    for await (const { event_name, id } of deps.stripe.billing.meters.list({ limit: 100 }))
      meterIds.set(event_name, id);
  }
  const chosen = new Map<string, Promise<string | null>>();
  return (usage: UntoldUsage): Promise<string | null> => {
    const key = `${usage.tenantId} ${usage.meter}`;
    const known = chosen.get(key) ?? choose(deps, usage, meterIds.get(meters[usage.meter] ?? '') ?? null);
    chosen.set(key, known);
    return known;
  };
}

async function choose(
  deps: CollectDeps,
  { tenantId, currency, meter }: UntoldUsage,
  meterId: string | null,
): Promise<string | null> {
  const { prisma, clock, stripe } = deps;
  const now = clock.now();
  const hasCustomer =
    (await prisma.stripeCustomer.count({ where: { tenantId, currency, deletedAt: null } })) > 0 ||
    (await prisma.billingSettings.count({ where: { tenantId, stripeCustomerId: { not: null } } })) > 0;
  if (!hasCustomer) return null;
  const payer = await findPayer(prisma, { tenantId, currency }, now);
  if (!payer) return null;
  const settings = await prisma.billingSettings.findUnique({ where: { tenantId } });
  const isMeantToBill = meter === SMS_METER && settings?.collection === 'stripe_meter';
  const isPriced = (await prisma.meterPrice.count({ where: { meter, currency } })) > 0;
  const { paymentTerms } = await prisma.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  // Whoever pays in advance has paid each SMS when it was sent.
  const isBilledByUs = meter === SMS_METER ? !isMeantToBill || paymentTerms === 'prepaid' : isPriced;
  const isBilledByStripe = await hasMeteredPrice(stripe, payer.subscription, meterId);
  const { tell: isToTell, alert } = decideMeter({ isBilledByUs, isBilledByStripe, isMeantToBill });
  const subject = `${tenantId} ${meter}`;
  for (const kind of ['meter_billed_twice', 'meter_billed_nowhere'] as const) {
    if (kind !== alert) await closeOperatorAlert(prisma, { kind, subject }, now, 'tollgate');
    else await raiseOperatorAlert(prisma, { kind, subject, tenantId, detail: details[kind] }, now);
  }
  return isToTell ? payer.customer : null;
}

const details = {
  meter_billed_twice:
    'a price of its subscription bills the meter, and so do we: it is not told until one of them ends',
  meter_billed_nowhere: 'it is to be collected by the meter, but no price of its subscription is for it',
};

async function hasMeteredPrice(
  stripe: Stripe,
  subscription: string | null,
  meterId: string | null,
): Promise<boolean> {
  if (subscription === null || meterId === null) return false;
  const { items } = await stripe.subscriptions.retrieve(subscription);
  return items.data.some(({ price }) => price.recurring?.meter === meterId);
}

/** Whether Stripe has it now. What it refuses, and what nobody can know any more, an operator has to look at. */
async function tell(deps: CollectDeps, push: MeterPush): Promise<boolean> {
  const { prisma, clock, stripe } = deps;
  const ageMs = clock.now().getTime() - push.firstSentAt.getTime();
  if (ageMs >= IDENTIFIER_TRUSTED_MS)
    return stop(deps, push, 'unknown for so long that it may not be told again');
  try {
    await stripe.billing.meterEvents.create(
      {
        event_name: push.eventName,
        identifier: push.id,
        // Noon of the day, so that it is the same day at Stripe; where the tenant's day ended before that, now.
        timestamp: Math.floor(Math.min(push.day.getTime() + 12 * HOUR_MS, clock.now().getTime()) / SECOND_MS),
        payload: { stripe_customer_id: push.customerId, value: String(push.quantity) },
      },
      { idempotencyKey: `tollgate:meter_event:${push.id}` },
    );
  } catch (error) {
    if (!isAlreadyTold(error)) {
      const verdict = classifyStripeError(error);
      if (verdict.kind === 'rejected') return stop(deps, push, verdict.detail);
      await prisma.meterPush.update({ where: { id: push.id }, data: { lastError: verdict.detail } });
      return false;
    }
  }
  const data = { state: 'confirmed', confirmedAt: clock.now(), wakeAt: null, lastError: null };
  await prisma.meterPush.updateMany({ where: { id: push.id, state: 'sent' }, data });
  return true;
}

function isAlreadyTold(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_already_exists';
}

async function stop(
  { prisma, clock }: CollectDeps,
  { id, tenantId, meter }: MeterPush,
  detail: string,
): Promise<false> {
  await prisma.$transaction(async (db) => {
    await db.meterPush.update({
      where: { id },
      data: { state: 'rejected', wakeAt: null, lastError: detail },
    });
    await raiseOperatorAlert(
      db,
      { kind: 'stripe_meter_push_stopped', subject: id, tenantId, detail: `${meter}: ${detail}` },
      clock.now(),
    );
  });
  return false;
}
