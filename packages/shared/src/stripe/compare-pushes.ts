import type { Discrepancy } from '../reconciliation/check.ts';

/** What we asked Stripe for, as far as the comparison needs it. Amounts are in minor units. */
export type ExpectedItem = {
  pushId: string;
  tenantId: string;
  state: string;
  stripeId: string | null;
  amountMinor: bigint;
  /** Lower case, as Stripe writes it. */
  currency: string;
  /** Whether its invoice is void: then nothing may be at Stripe. */
  isVoid: boolean;
  /** Whether it has waited so long that something has to be there. */
  isOverdue: boolean;
};

/** An invoice item at Stripe that carries our metadata. */
export type FoundItem = {
  id: string;
  pushId: string;
  tenantId: string;
  amountMinor: bigint;
  currency: string;
};

export type StripeDifference = Discrepancy & {
  kind: 'deleted' | 'changed' | 'doubled' | 'missing' | 'unknown' | 'left_over';
};

/** States in which an object has to be at Stripe; one that a person decides about may or may not. */
const due = new Set(['sent', 'confirmed']);

/** Where our pushes and Stripe's items disagree; none is the only good answer. */
export function comparePushes(
  expected: readonly ExpectedItem[],
  found: readonly FoundItem[],
): StripeDifference[] {
  const byPush = Map.groupBy(found, ({ pushId }) => pushId);
  const known = new Set(expected.map(({ pushId }) => pushId));
  const strangers = found.filter(({ pushId }) => !known.has(pushId));
  return [
    ...expected.flatMap((push) => compareOne(push, byPush.get(push.pushId) ?? [])),
    ...strangers.map(({ id, pushId, tenantId }) => ({
      kind: 'unknown' as const,
      subject: id,
      tenantId,
      detail: `expected a push ${pushId} for it, found none`,
    })),
  ];
}

function compareOne(push: ExpectedItem, items: readonly FoundItem[]): StripeDifference[] {
  const { pushId, tenantId, state, stripeId, amountMinor, currency } = push;
  const differ = (kind: StripeDifference['kind'], detail: string): StripeDifference[] => [
    { kind, subject: pushId, tenantId, detail },
  ];
  const ids = items.map(({ id }) => id).join(', ');
  if (push.isVoid || state === 'discarded') {
    return items.length === 0 ? [] : differ('left_over', `expected nothing at Stripe any more, found ${ids}`);
  }
  if (items.length > 1) return differ('doubled', `expected one item at Stripe, found ${ids}`);
  const [item] = items;
  if (!item) {
    if (state === 'confirmed') return differ('deleted', `expected ${stripeId} at Stripe, found nothing`);
    return due.has(state) && push.isOverdue
      ? differ('missing', 'expected an item at Stripe, found none')
      : [];
  }
  if (state === 'confirmed' && item.id !== stripeId)
    return differ('deleted', `expected ${stripeId} at Stripe, found ${item.id}`);
  const isSame = item.amountMinor === amountMinor && item.currency === currency;
  const asked = `${amountMinor} ${currency}`;
  return isSame
    ? []
    : differ('changed', `expected ${asked}, found ${item.amountMinor} ${item.currency} on ${item.id}`);
}
