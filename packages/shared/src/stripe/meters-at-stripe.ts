import type { Db } from '../runtime/database.ts';

/** Subscriptions in these states make no invoice any more. */
const ended = ['canceled', 'incomplete_expired'];

/**
 * Our meters that prices of running subscriptions bill at Stripe in a currency, as they were last read:
 * a tenant's, or those of all tenants where none is named.
 */
export async function metersAtStripe(
  db: Db,
  { tenantId, currency }: { tenantId: string | null; currency: string },
): Promise<string[]> {
  const subscriptions = await db.stripeSubscription.findMany({
    where: { currency, status: { notIn: ended }, ...(tenantId !== null && { tenantId }) },
    select: { meters: true },
  });
  return [...new Set(subscriptions.flatMap(({ meters }) => meters))];
}
