import { HOUR_MS, MINUTE_MS } from '../time/durations.ts';

export const messageCategories = ['promotional', 'transactional', 'priority'] as const;
export type MessageCategory = (typeof messageCategories)[number];

/** How long a message may wait before it is stale, unless the request says otherwise. */
export const defaultValidityMs: Record<MessageCategory, number> = {
  priority: 10 * MINUTE_MS,
  transactional: 24 * HOUR_MS,
  promotional: 72 * HOUR_MS,
};
