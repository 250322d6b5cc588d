import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Inbox, NewInboxEvent } from '@tollgate/shared/inbox/inbox.ts';
import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import {
  inTransaction,
  type Transaction,
  type TransactionDeps,
} from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';

export type StoreEventsDeps = TransactionDeps & { clock: Clock; inbox: Inbox };

export type ReceivedEvent = Pick<NewInboxEvent, 'externalId' | 'body'>;

/** The sweeper applies what its job did not within this time. */
const FIRST_WAKE_UP_MS = 10 * SECOND_MS;

/**
 * Stores events of one source as they came, each once; `wake` is told the ids of new ones, to name
 * them to a job after the commit. Events that come together are stored together.
 */
export function createEventStore(
  { clock, inbox, ...deps }: StoreEventsDeps,
  source: string,
  wake: (tx: Transaction, inboxIds: string[]) => void,
): (event: ReceivedEvent) => Promise<void> {
  const store = createCoalescer<NewInboxEvent, undefined>({
    itemsMax: 100,
    // Providers do not mind, and the fewer transactions events take, the more is left for requests.
    delayMsMax: 25,
    runsMax: 2,
    isDataError,
    run: async (events) => {
      await inTransaction(deps, async (tx) => {
        const inboxIds = await inbox.store(tx.db, events);
        if (inboxIds.length > 0) wake(tx, inboxIds);
      });
      return events.map(() => undefined);
    },
  });
  return (event) => {
    const receivedAt = clock.now();
    const wakeAt = new Date(receivedAt.getTime() + FIRST_WAKE_UP_MS);
    return store({ id: newId(clock), source, ...event, receivedAt, wakeAt });
  };
}
