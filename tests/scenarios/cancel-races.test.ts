import { cancelMessages } from '@tollgate/shared/messages/cancel-messages.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { buildMessages } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from '../../services/sms-sender/tests/sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());

const ROUNDS = 60;
const MESSAGES = 5;

test('canceled and sent at once, a message is one or the other, never both, and never neither', async () => {
  const { prisma, clock } = sender;
  const tenant = await buildTenant(prisma);
  const producer = { enqueue: async () => undefined };
  const ends = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const messages = await buildMessages(
      prisma,
      tenant,
      Array.from({ length: MESSAGES }, () => ({})),
    );
    const ids = messages.map(({ id }) => id);
    const cancel = () =>
      inTransaction({ prisma, producer }, ({ db }) => cancelMessages(db, ids.toReversed(), clock.now()));
    // Who asks first has the better chance; over the rounds both come first.
    const [results] =
      round % 2 === 0
        ? await Promise.all([cancel(), sender.send(...ids)])
        : await Promise.all([sender.send(...ids).then(() => undefined), cancel()]).then(([, own]) => [own]);
    for (const { messageId, outcome } of results ?? []) {
      const { state } = await sender.message(messageId);
      const attempts = await sender.attempts(messageId);
      expect([outcome, state, attempts.length]).toEqual(
        outcome === 'canceled' ? ['canceled', 'canceled', 0] : ['too_late', 'submitted', 1],
      );
      ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
    }
  }
  const sent = ends.get('too_late') ?? 0;
  expect(sent + (ends.get('canceled') ?? 0)).toBe(ROUNDS * MESSAGES);
  // Both ends were met, else nothing raced.
  expect(Math.min(sent, ROUNDS * MESSAGES - sent)).toBeGreaterThan(0);
  expect(sender.simulator.received()).toHaveLength(sent);
  expect(await sender.discrepancies(tenant.id)).toEqual([]);
});
