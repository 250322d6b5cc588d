import type { Inbox } from '@tollgate/shared/inbox/inbox.ts';
import type { CollectDeps } from '../collect-invoice/collect-deps.ts';

export type ApplyEventDeps = CollectDeps & {
  inbox: Inbox;
  /** Of our key; events of the other mode are not ours. Unchecked where it is left out. */
  livemode?: boolean;
};

/** Stripe's expandable reference as an id. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
