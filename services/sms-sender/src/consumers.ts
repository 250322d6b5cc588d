import * as queues from '@tollgate/shared/queues/catalog.ts';
import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { type Consumer, type ConsumerOptions, consume } from '@tollgate/shared/runtime/consumer.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import pLimit from 'p-limit';
import { type ApplyInboxDeps, applyInbox } from './delivery-reports/apply-inbox.ts';
import { type LookUpDeps, lookUpMessages } from './delivery-reports/look-up-messages.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages/send-messages.ts';

type Common = Pick<ConsumerOptions<unknown>, 'connection' | 'logger' | 'bury'>;

/** How many consumers this service runs; the queue connection is sized by it. */
export const CONSUMER_COUNT = 5;

/** How long a single id waits for company. */
const JOIN_MS = 5;

// Batches of at most 100 ids: together a process holds at most 1,000 at a time.
const SINGLE_BATCHES = 3;
const CAMPAIGN_BATCHES = 3;
const URGENT_BATCHES = 2;
const REPORT_BATCHES = 2;

/** Every queue this service consumes, and what it does with its jobs. */
export function startConsumers(
  common: Common,
  deps: SendMessagesDeps & ApplyInboxDeps & LookUpDeps,
): Consumer[] {
  const send = joinSingles(SINGLE_BATCHES, (ids) => sendMessages(deps, ids));
  const sendUrgent = joinSingles(URGENT_BATCHES, (ids) => sendMessages(deps, ids));
  const apply = joinSingles(REPORT_BATCHES, (ids) => applyInbox(deps, ids));
  return [
    consume({
      ...common,
      queue: queues.sendMessages,
      concurrency: 50,
      handle: ({ messageIds }) => send(messageIds),
    }),
    consume({
      ...common,
      queue: queues.sendCampaigns,
      concurrency: CAMPAIGN_BATCHES,
      handle: ({ messageIds }) => runChunk(messageIds, (ids) => sendMessages(deps, ids)),
    }),
    consume({
      ...common,
      queue: queues.sendMessagesPriority,
      concurrency: 50,
      handle: ({ messageIds }) => sendUrgent(messageIds),
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
      concurrency: 4,
      handle: ({ messageIds }) => runChunk(messageIds, (ids) => lookUpMessages(deps, ids)),
    }),
  ];
}

/** Chunks run as they are; single ids wait a moment for company. At most `batchesMax` run at once. */
function joinSingles(
  batchesMax: number,
  run: (ids: string[]) => Promise<void>,
): (ids: string[]) => Promise<void> {
  const limit = pLimit(batchesMax);
  const join = createCoalescer<string, undefined>({
    itemsMax: queues.CHUNK_SIZE,
    delayMsMax: JOIN_MS,
    isDataError,
    run: async (ids) => {
      await limit(() => run([...new Set(ids)]));
      return ids.map(() => undefined);
    },
  });
  return async (ids) => {
    if (ids.length === 1) await join(ids[0] as string);
    else await limit(() => runChunk(ids, run));
  };
}

/** Runs a chunk; where its data is at fault, one by one, so that only the poisonous one fails the job. */
async function runChunk(ids: string[], run: (ids: string[]) => Promise<void>): Promise<void> {
  try {
    await run(ids);
  } catch (error) {
    if (!isDataError(error)) throw error;
    const failures: unknown[] = [];
    for (const id of ids) await run([id]).catch((cause: unknown) => failures.push(cause));
    if (failures.length > 0) throw failures[0];
  }
}
