/** A page of objects. */
export interface StripeList<Item> {
  object: 'list';
  data: Item[];
  has_more: boolean;
  url: string;
}

/** Returns the page that shows at most `limit` of the items; one item beyond them means that there are more. */
export function stripeList<Item>(items: Item[], limit: number, url: string): StripeList<Item> {
  return { object: 'list', data: items.slice(0, limit), has_more: items.length > limit, url };
}
