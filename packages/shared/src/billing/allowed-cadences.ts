import type { Cadence } from '../time/local-time.ts';
import type { Collection } from './periods.ts';

/**
 * Which cadences make sense with a collection. A threshold asks for money at once, which an item that
 * waits for the next subscription invoice does not; Stripe bills meters by its own month; nobody wants a
 * bank transfer a day.
 */
export const allowedCadences: Record<Collection, readonly Cadence[]> = {
  none: ['daily', 'weekly', 'monthly'],
  subscription_item: ['daily', 'weekly', 'monthly'],
  stripe_invoice: ['daily', 'weekly', 'monthly', 'threshold'],
  stripe_meter: ['monthly'],
  bank_transfer: ['weekly', 'monthly', 'threshold'],
  sippy: ['daily', 'weekly', 'monthly', 'threshold'],
};

/** Whether usage may be closed at this cadence and collected that way. */
export function isAllowedPair(cadence: Cadence, collection: Collection): boolean {
  return allowedCadences[collection].includes(cadence);
}
