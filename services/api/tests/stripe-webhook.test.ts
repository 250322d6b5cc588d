import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { applyStripeEvent } from '@tollgate/shared/queues/catalog.ts';
import { testMasterKey, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture, stripeSecret } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const eventBody = (id: string) =>
  JSON.stringify({ id, object: 'event', type: 'invoice.paid', data: { object: { id: 'in_1' } } }, null, 2);

function sign(payload: string, { secret = stripeSecret, at = testNow }: { secret?: string; at?: Date } = {}) {
  const timestamp = Math.floor(at.getTime() / 1_000);
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

const post = (body: string, signature: string) =>
  api.call('POST', '/v1/webhooks/stripe', { json: body, headers: { 'stripe-signature': signature } });

const stored = (externalId: string) =>
  api.prisma.inboxEvent.findMany({ where: { source: 'stripe', externalId } });

describe('an event of Stripe', () => {
  test('is stored sealed, byte for byte, and handed to a job before it is answered', async () => {
    const body = eventBody('evt_first');
    expect(await post(body, sign(body))).toMatchObject({ status: 200, body: { received: true } });
    const [event] = await stored('evt_first');
    expect(event).toMatchObject({ appliedAt: null, wakeAt: new Date(testNow.getTime() + 10_000) });
    expect(Buffer.from(event?.bodyEncrypted ?? []).toString()).not.toContain('invoice.paid');
    const claimed = await api.prisma.$transaction((db) =>
      createInbox(testMasterKey).claim(db, [event?.id ?? '']),
    );
    expect(claimed).toMatchObject([{ source: 'stripe', body }]);
    expect(await api.waiting(applyStripeEvent)).toContainEqual({ inboxId: event?.id });
  });

  test('delivered again, also at once, is stored once and has one job', async () => {
    const body = eventBody('evt_again');
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(body, sign(body))));
    await post(body, sign(body));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const events = await stored('evt_again');
    expect(events).toHaveLength(1);
    const jobs = await api.waiting(applyStripeEvent);
    expect(jobs.filter(({ inboxId }) => inboxId === events[0]?.id)).toHaveLength(1);
  });

  test('that is thin, as meters report errors, is stored too, signed with the secret of its own destination', async () => {
    const own = 'whsec_of_thin_events';
    const both = await startApiFixture({ stripeWebhookSecret: `${stripeSecret}, ${own}` });
    const thin = {
      id: 'evt_thin',
      object: 'v2.core.event',
      type: 'v1.billing.meter.error_report_triggered',
      livemode: false,
      related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
    };
    const deliver = (body: string, secret: string) =>
      both.call('POST', '/v1/webhooks/stripe', {
        json: body,
        headers: { 'stripe-signature': sign(body, { secret }) },
      });
    expect(await deliver(JSON.stringify(thin), own)).toMatchObject({ status: 200 });
    expect(await deliver(eventBody('evt_beside'), stripeSecret)).toMatchObject({ status: 200 });
    expect(await deliver(eventBody('evt_forged'), 'whsec_other')).toMatchObject({ status: 400 });
    const stored = await both.prisma.inboxEvent.findMany({ where: { source: 'stripe' } });
    expect(stored.map(({ externalId }) => externalId).toSorted()).toEqual(['evt_beside', 'evt_thin']);
    await both.close();
  });

  test.each([
    ['without a signature', () => ''],
    ['with a signature that is none', () => 'v1=1'],
    ['signed with another secret', (body: string) => sign(body, { secret: 'whsec_other' })],
    ['with the signature of another body', () => sign(eventBody('evt_other'))],
    ['signed six minutes ago', (body: string) => sign(body, { at: new Date(testNow.getTime() - 360_000) })],
  ])('%s is refused and not stored', async (_, signature) => {
    const body = eventBody('evt_forged');
    expect(await post(body, signature(body))).toMatchObject({
      status: 400,
      body: { code: 'invalid_signature' },
    });
    expect(await stored('evt_forged')).toEqual([]);
  });

  test.each(['', '{', '[]', '{"object":"event"}', '{"id":5}'])(
    'whose signed body is %j is refused',
    async (body) => {
      const { status } = await post(body, sign(body));
      expect(status).toBe(400);
    },
  );

  test('without a configured secret is answered by nothing', async () => {
    const closed = await startApiFixture({ stripeWebhookSecret: undefined });
    const body = eventBody('evt_closed');
    const answer = await closed.call('POST', '/v1/webhooks/stripe', {
      json: body,
      headers: { 'stripe-signature': sign(body) },
    });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await closed.close();
  });
});
