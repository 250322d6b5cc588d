import { closeOperatorAlert, raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import Stripe from 'stripe';
import { settingsOf } from '../collect-invoice/collect-deps.ts';
import { unitMicrosOf } from '../collect-invoice/stripe/build-item.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';

const ALERT = 'price_differs';

/**
 * Compares the configured Prices at Stripe with our own list, which is the truth: one that is gone, not
 * in use or of another amount than the list has raises an alert, and one that is right again closes it.
 */
export async function checkPrices(
  deps: Pick<ApplyEventDeps, 'prisma' | 'clock' | 'stripe' | 'collectSettings'>,
): Promise<string> {
  const { prisma, clock } = deps;
  const configured = Object.entries(settingsOf(deps).smsPrices);
  let wrong = 0;
  for (const [currency, priceId] of configured) {
    if (priceId === undefined) continue;
    const detail = await differenceOf(deps, currency, priceId);
    const key = { kind: ALERT, subject: priceId };
    if (detail === null) await closeOperatorAlert(prisma, key, clock.now(), 'tollgate');
    else await raiseOperatorAlert(prisma, { ...key, detail }, clock.now());
    if (detail !== null) wrong += 1;
  }
  return `${configured.length} configured prices, ${wrong} wrong`;
}

async function differenceOf(
  { prisma, clock, stripe }: Pick<ApplyEventDeps, 'prisma' | 'clock' | 'stripe'>,
  currency: string,
  priceId: string,
): Promise<string | null> {
  const price = await readPrice(stripe, priceId);
  if (!price) return `${priceId} does not exist at Stripe`;
  if (!price.active) return `${priceId} is not in use at Stripe`;
  if (price.currency !== currency.toLowerCase()) return `${priceId} is in ${price.currency}, not ${currency}`;
  const unit = price.unit_amount_decimal?.toString();
  const unitMicros = unit === undefined ? null : unitMicrosOf(unit, currency);
  const now = clock.now();
  const listed = await prisma.smsPrice.findMany({
    where: {
      currency,
      tenantId: null,
      validFrom: { lte: now },
      OR: [{ validUntil: null }, { validUntil: { gt: now } }],
    },
    select: { unitPriceMicros: true },
  });
  if (listed.some(({ unitPriceMicros }) => unitPriceMicros === unitMicros)) return null;
  const ours = [...new Set(listed.map(({ unitPriceMicros }) => formatMicros(unitPriceMicros)))].join(', ');
  const theirs = unitMicros === null ? (unit ?? 'of no amount') : formatMicros(unitMicros);
  return `${priceId} is ${theirs} ${currency} at Stripe, our list says ${ours || 'nothing'}`;
}

async function readPrice(stripe: Stripe, id: string): Promise<Stripe.Price | null> {
  try {
    return await stripe.prices.retrieve(id);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing')
      return null;
    throw error;
  }
}
