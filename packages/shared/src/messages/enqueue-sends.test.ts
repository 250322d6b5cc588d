import { expect, test } from 'vitest';
import type { EnqueueOptions } from '../runtime/producer.ts';
import type { MessageCategory } from './categories.ts';
import { enqueueSends } from './enqueue-sends.ts';

type Added = { queue: string; count: number; first: string | undefined; priority: number | undefined };

function collect(): { added: Added[]; tx: Parameters<typeof enqueueSends>[0] } {
  const added: Added[] = [];
  const tx = {
    enqueue<Payload>({ name }: { name: string }, payload: Payload, { priority }: EnqueueOptions = {}) {
      const { messageIds } = payload as { messageIds: string[] };
      added.push({ queue: name, count: messageIds.length, first: messageIds[0], priority });
    },
  };
  return { added, tx };
}

const messages = (
  tenantId: string,
  count: number,
  {
    category = 'transactional',
    batchId = 'batch',
  }: { category?: MessageCategory; batchId?: string | null } = {},
) =>
  Array.from({ length: count }, (_, index) => ({ id: `${tenantId}${index}`, tenantId, category, batchId }));

test('a tenant’s second hundred stands behind everybody’s first, also when chunks of it wait already', () => {
  const { added, tx } = collect();
  enqueueSends(tx, [...messages('a', 250), ...messages('b', 101)], { chunksWaiting: new Map([['b', 4]]) });
  expect(added.map(({ first, count, priority }) => [first, count, priority])).toEqual([
    ['a0', 100, 1],
    ['a100', 100, 2],
    ['a200', 50, 3],
    ['b0', 100, 5],
    ['b100', 1, 6],
  ]);
});

test('a single message never stands in the lane of campaigns', () => {
  const { added, tx } = collect();
  enqueueSends(tx, [...messages('a', 11), ...messages('b', 10), ...messages('c', 1, { batchId: null })]);
  expect(added.map(({ queue, count }) => [queue, count])).toEqual([
    ['send-campaigns', 11],
    ['send-messages', 11],
  ]);
});

test('requests for one message each are no campaign, however many of a tenant come together', () => {
  const { added, tx } = collect();
  enqueueSends(tx, messages('a', 25, { batchId: null }));
  expect(added.map(({ queue, count }) => [queue, count])).toEqual([['send-messages', 25]]);
});

test('a one-time code never stands in a lane of many, however urgent they are', () => {
  const { added, tx } = collect();
  enqueueSends(
    tx,
    [
      ...messages('a', 150, { category: 'priority' }),
      ...messages('b', 1, { category: 'priority', batchId: null }),
    ],
    { chunksWaiting: new Map([['a', 4]]) },
  );
  expect(added.map(({ queue, first, count, priority }) => [queue, first, count, priority])).toEqual([
    ['send-campaigns-priority', 'a0', 100, 1],
    ['send-campaigns-priority', 'a100', 50, 2],
    ['send-messages-priority', 'b0', 1, undefined],
  ]);
});
