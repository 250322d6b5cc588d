import { formatMicros } from '../money/money.ts';
import type { Db } from '../runtime/database.ts';
import { DAY_MS } from '../time/durations.ts';
import { raiseOperatorAlert } from './operator-alerts.ts';

/** Kind of the operators' alert that is open while messages to a country cost more than they bring. */
export const ROUTE_BELOW_COST = 'route_below_cost';

type CheapRoute = {
  country: string;
  currency: string;
  messages: bigint;
  priceMicros: bigint;
  costMicros: bigint;
};

/**
 * Alerts operators of countries and currencies in which the messages of the last day cost us more than
 * their tenants pay, and closes the alerts of those that no longer do. Only messages whose cost is known
 * in the currency of their price are compared. Returns how many routes are below cost.
 */
export async function watchRoutes(db: Db, now: Date): Promise<number> {
  const since = new Date(now.getTime() - DAY_MS);
  const routes = await db.$queryRaw<CheapRoute[]>`
    SELECT m.country, m.currency, count(*) AS messages, sum(m.price_micros)::bigint AS "priceMicros",
           sum(m.provider_cost_micros)::bigint AS "costMicros"
    FROM tenants t JOIN messages m ON m.tenant_id = t.id
    WHERE m.accepted_at >= ${since} AND m.accepted_at < ${now} AND m.mode = 'live'
      AND m.provider_cost_currency = m.currency AND m.provider_cost_micros IS NOT NULL
    GROUP BY m.country, m.currency
    HAVING sum(m.provider_cost_micros) > sum(m.price_micros)
    ORDER BY m.country, m.currency`;
  for (const { country, currency, messages, priceMicros, costMicros } of routes) {
    const detail = `the last day's ${messages} messages to ${country} cost ${formatMicros(costMicros)} ${currency} and are sold for ${formatMicros(priceMicros)} ${currency}`;
    await raiseOperatorAlert(
      db,
      { kind: ROUTE_BELOW_COST, subject: subjectOf({ country, currency }), detail },
      now,
    );
  }
  await db.operatorAlert.updateMany({
    where: { kind: ROUTE_BELOW_COST, closedAt: null, subject: { notIn: routes.map(subjectOf) } },
    data: { closedAt: now, closedBy: 'tollgate' },
  });
  return routes.length;
}

function subjectOf({ country, currency }: Pick<CheapRoute, 'country' | 'currency'>): string {
  return `${country} ${currency}`;
}
