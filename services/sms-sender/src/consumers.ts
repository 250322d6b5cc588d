import * as queues from '@tollgate/shared/queues/catalog.ts';
import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { type Consumer, type ConsumerOptions, consume } from '@tollgate/shared/runtime/consumer.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import { type ApplyInboxDeps, applyInbox } from './delivery-reports/apply-inbox.ts';
import { type LookUpDeps, lookUpMessages } from './delivery-reports/look-up-messages.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages/send-messages.ts';

type Common = Pick<ConsumerOptions<unknown>, 'connection' | 'logger' | 'bury'>;

/** How many consumers this service runs; the queue connection is sized by it. */
export const CONSUMER_COUNT = 4;

// Single-id jobs are joined to batches of up to 100; concurrency allows that many to wait together.
const SINGLE_JOBS = { itemsMax: 100, delayMsMax: 5 };

/** Every queue this service consumes, and what it does with its jobs. */
export function startConsumers(
  common: Common,
  deps: SendMessagesDeps & ApplyInboxDeps & LookUpDeps,
): Consumer[] {
  const send = joinSingles((ids) => sendMessages(deps, ids));
  const sendPriority = joinSingles((ids) => sendMessages(deps, ids));
  const apply = joinSingles((ids) => applyInbox(deps, ids));
  return [
    consume({
      ...common,
      queue: queues.sendMessages,
      concurrency: 100,
      handle: ({ messageIds }) => send(messageIds),
    }),
    consume({
      ...common,
      queue: queues.sendMessagesPriority,
      concurrency: 100,
      handle: ({ messageIds }) => sendPriority(messageIds),
    }),
    consume({
      ...common,
      queue: queues.applyDeliveryReports,
      concurrency: 100,
      handle: ({ inboxIds }) => apply(inboxIds),
    }),
    consume({
      ...common,
      queue: queues.lookUpMessages,
      concurrency: 2,
      handle: ({ messageIds }) => lookUpMessages(deps, messageIds),
    }),
  ];
}

/** Chunks run as they are; single ids wait a moment for company. */
function joinSingles(run: (ids: string[]) => Promise<void>): (ids: string[]) => Promise<void> {
  const join = createCoalescer<string, undefined>({
    ...SINGLE_JOBS,
    isDataError,
    run: async (ids) => {
      await run([...new Set(ids)]);
      return ids.map(() => undefined);
    },
  });
  return async (ids) => {
    if (ids.length === 1) await join(ids[0] as string);
    else await run(ids);
  };
}
