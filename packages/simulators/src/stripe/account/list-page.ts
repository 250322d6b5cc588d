import type { ObjectQuery } from '../state/object-table.ts';
import type { StripeKinds } from '../state/stripe-kinds.ts';
import { invalidRequest, noSuch } from '../wire/stripe-refusal.ts';
import type { Account } from './account.ts';
import { renderObject } from './render-object.ts';
import { type StripeList, stripeList } from './stripe-list.ts';

const limitDefault = 10;
const limitMax = 100;

/** Where a page begins and how long it is. */
export interface PageParams {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

/** Which objects a list is about; Stripe lists the newest first, except lines of an invoice. */
export interface ListedObjects extends Pick<ObjectQuery, 'where' | 'created'> {
  url: string;
  order?: ObjectQuery['order'];
}

/** Returns a page of a list; a limit out of range is clamped to 1 to 100, as Stripe does. */
export function listPage<K extends keyof StripeKinds>(
  account: Account,
  kind: K,
  { url, where, created, order = 'newest first' }: ListedObjects,
  page: PageParams,
): StripeList<object> {
  const { starting_after: after, ending_before: before } = page;
  if (after !== undefined && before !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: ending_before, starting_after.', {
      code: 'parameters_exclusive',
    });
  }
  const limit = Math.min(Math.max(page.limit ?? limitDefault, 1), limitMax);
  const isBackwards = before !== undefined;
  const filter = { ...(where && { where }), created, limit: limit + 1 };
  const readingOrder = isBackwards ? opposite(order) : order;
  const cursor = after ?? before;
  const seq = cursor === undefined ? undefined : seqOf(account, kind, cursor, isBackwards);
  const bound = readingOrder === 'newest first' ? { beforeSeq: seq } : { afterSeq: seq };
  const found = account.objects.list(kind, { ...filter, ...bound, order: readingOrder });
  const shown = stripeList(found, limit, url);
  const data = isBackwards ? shown.data.toReversed() : shown.data;
  return { ...shown, data: data.map((object) => renderObject(account.objects, object)) };
}

function seqOf(account: Account, kind: keyof StripeKinds, cursor: string, isBackwards: boolean): number {
  const seq = account.objects.seqOf(kind, cursor);
  if (seq === undefined) throw noSuch(kind, cursor, isBackwards ? 'ending_before' : 'starting_after');
  return seq;
}

function opposite(order: ObjectQuery['order']): ObjectQuery['order'] {
  return order === 'newest first' ? 'oldest first' : 'newest first';
}
