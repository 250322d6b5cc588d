export type PlanPriceRef = { planId: string; interval: 'monthly' | 'yearly'; currency: string };

/** The lookup key of a plan's price, such as `tollgate_plan_pro_monthly_czk`: it moves to a new price when the amount changes. */
export function planLookupKey({ planId, interval, currency }: PlanPriceRef): string {
  return `tollgate_plan_${planId}_${interval}_${currency.toLowerCase()}`;
}

/** What a plan's lookup key says; null for any other key. */
export function readPlanLookupKey(key: string): PlanPriceRef | null {
  const match = /^tollgate_plan_(.+)_(monthly|yearly)_([a-z]{3})$/.exec(key);
  const [, planId, interval, currency] = match ?? [];
  if (planId === undefined || currency === undefined) return null;
  return { planId, interval: interval as PlanPriceRef['interval'], currency: currency.toUpperCase() };
}

/** The lookup key of the price of a segment in a currency, such as `tollgate_sms_segment_czk`. */
export function smsLookupKey(currency: string): string {
  return `tollgate_sms_segment_${currency.toLowerCase()}`;
}
