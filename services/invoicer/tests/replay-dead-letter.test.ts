import { replayDeadLetters } from '@tollgate/shared/dead-letters/replay-dead-letters.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

test('an invoice that Stripe refused is pushed under another key once its dead letter is replayed', async () => {
  const { prisma, clock } = fixture;
  const { invoiceId, customer } = await fixture.billedTenant();
  fixture.fail({ kind: 'status', status: 400 }, 1);
  await fixture.collect(invoiceId);
  fixture.recover();
  await fixture.collect(invoiceId);
  expect(await fixture.items(customer)).toEqual([]);
  const letter = await prisma.deadLetter.findFirstOrThrow();
  expect(letter).toMatchObject({ state: 'open', atStakeMicros: 4_500_000n, currency: 'CZK' });

  // Its job is lost: the invoice's row has to be enough.
  const producer = { enqueue: async () => undefined };
  const deps = { prisma, producer, clock, dataKeys: null, mirror: { remove: async () => undefined } };
  const request = { selection: { id: letter.id }, rate: 10, actor: 'olga@example.com' };
  expect(await replayDeadLetters(deps, request)).toMatchObject({ done: 1 });
  expect((await fixture.invoice(invoiceId)).wakeAt).not.toBeNull();
  await fixture.collect(invoiceId);
  expect(await fixture.items(customer)).toMatchObject([{ amount: 450 }]);
  expect(await prisma.stripePush.findFirst({ where: { invoiceId } })).toMatchObject({
    state: 'confirmed',
    attempt: 2,
  });
});
