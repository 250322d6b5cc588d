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

const messages = (tenantId: string, count: number, category: MessageCategory = 'transactional') =>
  Array.from({ length: count }, (_, index) => ({ id: `${tenantId}${index}`, tenantId, category }));

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
  enqueueSends(tx, [...messages('a', 11), ...messages('b', 10), ...messages('c', 1)]);
  expect(added.map(({ queue, count }) => [queue, count])).toEqual([
    ['send-campaigns', 11],
    ['send-messages', 10],
    ['send-messages', 1],
  ]);
});

test('a one-time code stands before what is left of a tenant’s many urgent messages', () => {
  const { added, tx } = collect();
  enqueueSends(tx, [...messages('a', 250, 'priority'), ...messages('b', 1, 'priority')]);
  expect(new Set(added.map(({ queue }) => queue))).toEqual(new Set(['send-messages-priority']));
  const priorityOf = (id: string) => added.find(({ first }) => first === id)?.priority;
  expect([priorityOf('a0'), priorityOf('b0')]).toEqual([undefined, undefined]);
  expect([priorityOf('a100'), priorityOf('a200')]).toEqual([1, 2]);
  expect(added.reduce((sum, { count }) => sum + count, 0)).toBe(251);
});
