import * as queues from '@tollgate/shared/queues/catalog.ts';
import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import {
  type Consumer,
  type ConsumerOptions,
  consume,
  type JobTimes,
} from '@tollgate/shared/runtime/consumer.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import { type ApplyInboxDeps, applyInbox } from './delivery-reports/apply-inbox.ts';
import { type LookUpDeps, lookUpMessages } from './delivery-reports/look-up-messages.ts';
import { type CampaignPace, createCampaignPace } from './send-messages/campaign-pace.ts';
import { type SendMessagesDeps, sendMessages } from './send-messages/send-messages.ts';

type Common = Pick<ConsumerOptions<unknown>, 'connection' | 'logger' | 'bury'>;

/** How many consumers this service runs; the queue connection is sized by it. */
export const CONSUMER_COUNT = 6;

/** How long a single message waits for company. */
const JOIN_MS = 5;

/** Priority messages are calls of one each: a code waits for no more of them than this. */
const URGENT_SLICE = 10;

/** Nobody waits for a report to be applied: more of them share a transaction. */
const JOIN_REPORTS_MS = 50;

// Batches of at most 100 ids: together a process holds at most 1,000 at a time.
const SINGLE_BATCHES = 3;
const CAMPAIGN_BATCHES = 3;
const URGENT_BATCHES = 2;
const URGENT_CAMPAIGN_BATCHES = 2;
const REPORT_BATCHES = 2;

/** Every queue this service consumes, and what it does with its jobs. */
export function startConsumers(
  common: Common,
  deps: SendMessagesDeps & ApplyInboxDeps & LookUpDeps,
): Consumer[] {
  const pace = createCampaignPace();
  const sendSingles = async (singles: readonly AwaitedMessage[]) => {
    await sendMessages(deps, idsOf(singles), () => {
      const dueAtMs = Math.min(...singles.map(({ times }) => times.dueAtMs));
      const workedMs = Math.min(...singles.map(({ times }) => times.ranMs()));
      pace.singlesWaited({ waitedMs: deps.clock.now().getTime() - dueAtMs, workedMs });
    });
  };
  const send = joinItems(SINGLE_BATCHES, JOIN_MS, sendSingles);
  const sendUrgent = joinItems(URGENT_BATCHES, JOIN_MS, sendSingles);
  const apply = joinItems<string>(REPORT_BATCHES, JOIN_REPORTS_MS, (ids) =>
    applyInbox(deps, [...new Set(ids)]),
  );
  return [
    consume({
      ...common,
      queue: queues.sendMessages,
      concurrency: 50,
      handle: ({ messageIds }, times) => send(messageIds.map((id) => ({ id, times }))),
    }),
    consume({
      ...common,
      queue: queues.sendCampaigns,
      concurrency: CAMPAIGN_BATCHES,
      handle: ({ messageIds }) => sendCampaign(deps, pace, messageIds, queues.CHUNK_SIZE),
    }),
    consume({
      ...common,
      queue: queues.sendMessagesPriority,
      concurrency: 50,
      handle: ({ messageIds }, times) => sendUrgent(messageIds.map((id) => ({ id, times }))),
    }),
    consume({
      ...common,
      queue: queues.sendCampaignsPriority,
      concurrency: URGENT_CAMPAIGN_BATCHES,
      handle: ({ messageIds }) => sendCampaign(deps, pace, messageIds, URGENT_SLICE),
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

/** A message that somebody waits for, and the times of the job that named it. */
type AwaitedMessage = { id: string; times: JobTimes };

const idsOf = (messages: readonly AwaitedMessage[]) => [...new Set(messages.map(({ id }) => id))];

/** Items run together, whatever jobs named them: what comes while `runsMax` batches run shares the next one. */
function joinItems<Item>(
  runsMax: number,
  delayMsMax: number,
  runBatch: (items: Item[]) => Promise<void>,
): (items: Item[]) => Promise<void> {
  const join = createCoalescer<Item, undefined>({
    itemsMax: queues.CHUNK_SIZE,
    delayMsMax,
    runsMax,
    isDataError,
    run: async (items) => {
      await runBatch(items);
      return items.map(() => undefined);
    },
  });
  return async (items) => {
    const ends = await Promise.allSettled(items.map(join));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  };
}

/**
 * Sends a chunk of a campaign, in slices of at most `sliceMax` that leave room for messages that somebody
 * waits for. A slice with a poisonous message keeps no other one: what it threw is thrown at the end.
 */
async function sendCampaign(
  deps: SendMessagesDeps,
  pace: CampaignPace,
  ids: readonly string[],
  sliceMax: number,
): Promise<void> {
  const failures: unknown[] = [];
  for (let rest = ids; rest.length > 0; ) {
    const slice = rest.slice(0, Math.min(sliceMax, pace.sliceSize(rest.length)));
    rest = rest.slice(slice.length);
    await pace.turn(slice.length);
    let claimed = 0;
    const sendSlice = (due: readonly string[]) =>
      sendMessages(deps, due, (count) => {
        claimed += count;
      });
    await runChunk(slice, sendSlice).catch((error: unknown) => {
      if (!isDataError(error)) throw error;
      failures.push(error);
    });
    // A slice that finds nothing to do is work too.
    pace.giveBack(slice.length - Math.max(1, claimed));
  }
  if (failures.length > 0) throw failures[0];
}

/** Runs a chunk; where its data is at fault, one by one, so that only the poisonous one fails the job. */
async function runChunk(
  ids: readonly string[],
  run: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  try {
    await run(ids);
  } catch (error) {
    if (!isDataError(error)) throw error;
    const failures: unknown[] = [];
    for (const id of ids) await run([id]).catch((cause: unknown) => failures.push(cause));
    if (failures.length > 0) throw failures[0];
  }
}
