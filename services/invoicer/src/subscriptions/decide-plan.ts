/** Stripe's word for how a subscription stands, by what it means for the plan. */
export type Standing = 'holds' | 'ended' | 'not_begun';

/** Statuses of https://docs.stripe.com/api/subscriptions/object#subscription_object-status; unknown ones change nothing. */
export function standingOf(status: string): Standing {
  switch (status) {
    // What is past due is dunned; the plan holds until Stripe gives up.
    case 'active':
    case 'trialing':
    case 'past_due':
      return 'holds';
    case 'canceled':
    case 'unpaid':
    case 'paused':
    case 'incomplete_expired':
      return 'ended';
    default:
      return 'not_begun';
  }
}

export type PlanFacts = {
  status: string;
  /** The plan of its price; null where the price is unknown. */
  planId: string | null;
  /** The subscription as it was when it was last read. */
  before: { status: string; planId: string | null } | null;
  tenantPlanId: string;
};

/** What a tenant falls to when the subscription of its plan has ended. */
export const FALLBACK_PLAN = 'free';

/**
 * The plan that a change of a subscription puts its tenant on, or null for none. Only a change does:
 * a plan that an operator set holds until the subscription becomes something else, and the end of a
 * subscription takes only the plan that it gave.
 */
export function decidePlan({ status, planId, before, tenantPlanId }: PlanFacts): string | null {
  const now = standingOf(status);
  const then = before === null ? 'not_begun' : standingOf(before.status);
  if (now === 'holds') {
    const isChanged = then !== 'holds' || before?.planId !== planId;
    return planId !== null && isChanged && planId !== tenantPlanId ? planId : null;
  }
  if (now === 'ended' && then === 'holds')
    return (before?.planId ?? planId) === tenantPlanId && tenantPlanId !== FALLBACK_PLAN
      ? FALLBACK_PLAN
      : null;
  return null;
}
