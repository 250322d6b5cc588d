import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { StripeTaxMode } from '@tollgate/shared/stripe/stripe-config.ts';
import type { StripeLeaseDeps } from '@tollgate/shared/stripe/stripe-lease.ts';
import type Stripe from 'stripe';

export type CollectSettings = {
  taxMode: StripeTaxMode;
  /** The Price of a segment at Stripe, by currency. */
  smsPrices: Partial<Record<string, string>>;
  /** The event name at Stripe of each meter whose usage is told there. */
  meters: Partial<Record<string, string>>;
};

export type CollectDeps = TransactionDeps &
  StripeLeaseDeps & {
    logger: Logger;
    stripe: Stripe;
    /** No tax and no configured prices where it is left out. */
    collectSettings?: CollectSettings;
  };

/** The settings with their defaults. */
export function settingsOf({ collectSettings }: Pick<CollectDeps, 'collectSettings'>): CollectSettings {
  return collectSettings ?? { taxMode: 'none', smsPrices: {}, meters: {} };
}
