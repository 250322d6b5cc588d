import { setRoute } from '@tollgate/shared/messages/provider-routes.ts';
import { buildMessage, buildMessages } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant, type TestTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;
let tenant: TestTenant;
/** Another one for each test: an open attempt to the same recipient is something that look-ups see. */
let recipient: string;
let count = 0;

beforeAll(async () => {
  sender = await startSenderFixture({ withTwilio: true });
});
afterAll(() => sender.close());
beforeEach(async () => {
  await sender.reset();
  count += 1;
  recipient = `+4207771${String(count).padStart(5, '0')}`;
  tenant = await buildTenant(sender.prisma);
  const route = { country: '*', mode: 'live' as const, providers: ['twilio'] };
  await setRoute(sender.prisma, route, { at: sender.clock.now(), by: 'test' });
});
afterEach(async () => {
  expect(await sender.discrepancies(tenant.id)).toEqual([]);
});

const received = () => sender.twilio.received().length;
const build = async (...changes: Parameters<typeof buildMessages>[2][number][]) => {
  const overrides = changes.map((change) => ({ recipient, ...change }));
  return (await buildMessages(sender.prisma, tenant, overrides)).map(({ id }) => id);
};
const charges = async () =>
  (await sender.entries(tenant.id)).filter(({ kind }) => kind === 'sms_send').length;

describe('Twilio answers', () => {
  test.each([
    [{ status: 400, code: 21211 }, { state: 'rejected', failureCode: 'invalid_recipient' }, 0n],
    [{ status: 400, code: 21617 }, { state: 'rejected', failureCode: 'content_refused' }, 0n],
    [{ status: 400, code: 99999 }, { state: 'rejected', failureCode: 'provider_refused' }, 0n],
    [{ status: 401, code: 20003 }, { state: 'sending', holdReason: 'provider' }, 1_500_000n],
    [{ status: 400, code: 21606 }, { state: 'sending', holdReason: 'provider' }, 1_500_000n],
    [{ status: 429, code: 20429 }, { state: 'sending', holdReason: null }, 1_500_000n],
    [{ status: 400, code: 30001 }, { state: 'sending', holdReason: null }, 1_500_000n],
    [{ status: 500 }, { state: 'unknown' }, 1_500_000n],
    [{ status: 503 }, { state: 'unknown' }, 1_500_000n],
  ] as const)('%j: the message is %j and holds %d', async (fault, expected, reservedMicros) => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ nextSends: [{ kind: 'status', ...fault }] });
    await sender.send(id);
    expect(await sender.message(id)).toMatchObject(expected);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros });
  });

  test('that nobody can read, or none at all: the outcome is unknown', async () => {
    const ids = await build({}, {}, {});
    sender.twilio.faults.set({
      nextSends: [
        { kind: 'emptyAnswer', afterTaking: true },
        { kind: 'cut', afterTaking: true },
        { kind: 'hang', afterTaking: false },
      ],
    });
    await sender.send(...ids);
    for (const id of ids) expect(await sender.message(id)).toMatchObject({ state: 'unknown' });
  });

  test('that its recipient has opted out: nothing more is sent there by the tenant', async () => {
    sender.twilio.receive({ from: recipient, body: 'STOP' });
    sender.webhooks.take();
    const [first, second] = (await build({}, {})) as [string, string];
    await sender.send(first);
    await sender.send(second);
    for (const id of [first, second]) {
      expect(await sender.message(id)).toMatchObject({
        state: 'rejected',
        failureCode: 'recipient_opted_out',
      });
    }
    expect(sender.twilio.requests()).toMatchObject({ 'POST Messages.json': { '400': 1 } });
    await sender.deliver();
  });
});

describe('callbacks', () => {
  test.each([
    ['doubled', { double: true }],
    ['reversed', { reverse: true }],
    ['lost but for the last', { lose: 3 }],
  ])('that are %s come to one charge', async (_, callbacks) => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ callbacks });
    await sender.send(id);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect(await charges()).toBe(1);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test.each([
    [{ status: 'failed', errorCode: 30006 }, { state: 'failed', failureCode: 'invalid_recipient' }, 0],
    [
      { status: 'undelivered', errorCode: 30003 },
      { state: 'undelivered', failureCode: 'provider_undelivered' },
      1,
    ],
  ] as const)('of %j: the message is %j, charged %i times', async (results, expected, charged) => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ results });
    await sender.send(id);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject(expected);
    expect(await charges()).toBe(charged);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test('of an account that was suspended meanwhile: the message waits, and is sent again once', async () => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ results: { status: 'failed', errorCode: 30002 }, account: 'active' });
    await sender.send(id);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'submitted', holdReason: 'provider' });
    sender.twilio.faults.clear();
    sender.clock.advance(MINUTE_MS);
    await sender.watchProvider();
    await sender.sweep();
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
    expect(await charges()).toBe(1);
  });
});

describe('a hand-over to Twilio whose outcome is unknown', () => {
  const lost = { callbacks: { lose: 100 } };

  test('is settled by a callback, which names the attempt', async () => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ nextSends: [{ kind: 'cut', afterTaking: true }] });
    await sender.send(id);
    await sender.send(id);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    expect([received(), await charges()]).toEqual([1, 1]);
  });

  test('is found in the listing, even before Twilio has sent it, and not repeated', async () => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ nextSends: [{ kind: 'cut', afterTaking: true }], ...lost });
    await sender.send(id);
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'unknown' });
    sender.clock.advance(MINUTE_MS);
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'submitted' });
    expect(await sender.attempts(id)).toMatchObject([
      { outcome: 'accepted', providerMessageId: sender.twilio.received()[0]?.sid },
    ]);
    await sender.deliver();
    await sender.lookUp(id);
    expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect([received(), await charges()]).toEqual([1, 1]);
  });

  test('is repeated once Twilio does not list it after the grace time', async () => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ nextSends: [{ kind: 'hang', afterTaking: false }] });
    await sender.send(id);
    await sender.lookUp(id);
    await sender.send(id);
    expect(received()).toBe(0);
    sender.clock.advance(10 * MINUTE_MS);
    await sender.lookUp(id);
    sender.clock.advance(SECOND_MS);
    await sender.send(id);
    await sender.deliver();
    expect(await sender.message(id)).toMatchObject({ state: 'delivered', attemptCount: 2 });
    expect([received(), await charges()]).toEqual([1, 1]);
  });

  test('is not mistaken for the same text that was sent before', async () => {
    const [first, second] = (await build({}, {})) as [string, string];
    sender.twilio.faults.set(lost);
    await sender.send(first);
    sender.twilio.faults.set({ nextSends: [{ kind: 'cut', afterTaking: false }], ...lost });
    await sender.send(second);
    sender.clock.advance(10 * MINUTE_MS);
    await sender.lookUp(second);
    // The one that is listed is the first one's: the second was not taken.
    expect(await sender.attempts(second)).toMatchObject([
      { outcome: 'unavailable', failureCode: 'not_taken' },
    ]);
    expect(await sender.attempts(first)).toMatchObject([{ outcome: 'accepted' }]);
  });

  test('waits for a callback where two of the same text are open, and one was taken', async () => {
    const ids = await build({}, {});
    sender.twilio.faults.set({
      nextSends: [
        { kind: 'cut', afterTaking: true },
        { kind: 'cut', afterTaking: false },
      ],
    });
    await sender.send(...ids);
    sender.clock.advance(20 * MINUTE_MS);
    await sender.lookUp(...ids);
    sender.clock.advance(MINUTE_MS);
    await sender.send(...ids);
    for (const id of ids)
      expect(await sender.message(id)).toMatchObject({ state: 'unknown', attemptCount: 1 });
    await sender.deliver();
    const states = await Promise.all(ids.map(async (id) => (await sender.message(id)).state));
    expect(states.toSorted()).toEqual(['delivered', 'unknown']);
    // With the taken one known, the listing tells the other's fate.
    sender.clock.advance(MINUTE_MS);
    await sender.lookUp(...ids);
    sender.clock.advance(2 * SECOND_MS);
    await sender.send(...ids);
    await sender.deliver();
    for (const id of ids) expect(await sender.message(id)).toMatchObject({ state: 'delivered' });
    expect([received(), await charges()]).toEqual([2, 2]);
  });

  test('is not repeated while Twilio lists another text to that recipient that nobody owns', async () => {
    const [id] = (await build({})) as [string];
    sender.twilio.faults.set({ nextSends: [{ kind: 'cut', afterTaking: false }], ...lost });
    await sender.send(id);
    const theirs = new URLSearchParams({ To: recipient, From: 'Another', Body: 'of another system' });
    const authorization = `Basic ${Buffer.from(`AC${'0'.repeat(32)}:token-of-the-account`).toString('base64')}`;
    const url = `${sender.twilio.baseUrl}/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`;
    await fetch(url, { method: 'POST', headers: { authorization }, body: theirs });
    sender.clock.advance(20 * MINUTE_MS);
    await sender.lookUp(id);
    sender.clock.advance(MINUTE_MS);
    await sender.send(id);
    expect(await sender.attempts(id)).toMatchObject([{ outcome: 'unknown', closedAt: null }]);
    expect(received()).toBe(1);
  });
});

describe('a reply that says STOP', () => {
  test('opts out of the tenant that wrote there last, and of no other', async () => {
    const neighbour = await buildTenant(sender.prisma);
    const theirs = await buildMessage(sender.prisma, neighbour, { recipient });
    const [ours, waiting] = (await build({}, {})) as [string, string];
    const next = await buildMessage(sender.prisma, neighbour, { recipient });
    await sender.send(theirs.id);
    sender.clock.advance(SECOND_MS);
    await sender.send(ours);
    sender.twilio.receive({ from: recipient, body: 'Stop' });
    await sender.deliver();
    const optOuts = await sender.prisma.optOut.findMany({ where: { recipient } });
    expect(optOuts.map(({ tenantId }) => tenantId)).toContain(tenant.id);
    expect(optOuts.map(({ tenantId }) => tenantId)).not.toContain(neighbour.id);
    await sender.send(waiting);
    expect(await sender.message(waiting)).toMatchObject({ failureCode: 'recipient_opted_out' });
    expect(await sender.message(next.id)).toMatchObject({ state: 'accepted' });
  });

  test('of somebody who was never written to changes nothing', async () => {
    sender.twilio.receive({ from: '+420777999999', body: 'STOP' });
    const results = await sender.deliver();
    expect(results).toEqual([expect.stringContaining('0 opted out')]);
  });
});
