import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type Stripe from 'stripe';

/** What it takes to read an object from Stripe again and bring our rows to its state. */
export type StripeObjectDeps = TransactionDeps & { clock: Clock; stripe: Stripe; logger: Logger };
