import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let operator: string;
let viewer: string;

beforeAll(async () => {
  api = await startApiFixture();
  [operator, viewer] = [await api.operatorCookie('operator'), await api.operatorCookie('viewer')];
});
afterAll(() => api.close());

async function stoppedPush(state = 'needs_human') {
  const { tenant } = await api.tenantWithKey();
  const { prisma, clock } = api;
  const [id, invoiceId] = [newId(), newId()];
  const period = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId: tenant.id } });
  const amounts = { usageMicros: 4_500_000n, settlesMicros: 4_500_000n, totalMinor: 450n, grossMinor: 450n };
  await prisma.invoice.create({
    data: {
      id: invoiceId,
      tenantId: tenant.id,
      periodId: period.id,
      kind: 'usage',
      document: 'stripe',
      state: 'issued',
      currency: 'CZK',
      ...amounts,
      issuedAt: clock.now(),
    },
  });
  await prisma.stripePush.create({
    data: {
      id,
      tenantId: tenant.id,
      invoiceId,
      kind: 'invoice_item',
      customer: 'cus_1',
      params: { amount: 450 },
      idempotencyKey: `tollgate:${id}`,
      state,
      stripeId: state === 'confirmed' ? `ii_${id}` : null,
      firstSentAt: clock.now(),
      lastError: 'two at Stripe',
    },
  });
  return { id, invoiceId, publicId: toPublicId('psh', id) };
}

const read = (path: string, cookie = viewer) => api.call('GET', path, { headers: { cookie } });
const resolve = (id: string, json: unknown, cookie = operator) =>
  api.call('POST', `/v1/admin/stripe/pushes/${id}/resolve`, { headers: { cookie }, json });

describe('pushes that stopped', () => {
  test('are listed for operators by state, newest first and page by page', async () => {
    const [older, newer] = [await stoppedPush(), await stoppedPush()];
    await stoppedPush('confirmed');
    const first = await read('/v1/admin/stripe/pushes?limit=1');
    expect(first).toMatchObject({ status: 200, body: { pushes: [{ id: newer.publicId }], hasMore: true } });
    const { nextCursor } = first.body as { nextCursor: string };
    expect(await read(`/v1/admin/stripe/pushes?limit=1&cursor=${nextCursor}`)).toMatchObject({
      body: { pushes: [{ id: older.publicId, lastError: 'two at Stripe' }] },
    });
  });

  test('take one decision, which wakes the invoice and is carried out by the invoicer', async () => {
    const { publicId, invoiceId } = await stoppedPush();
    const answer = await resolve(publicId, { action: 'adopt', stripeId: 'ii_1' });
    expect(answer).toMatchObject({
      status: 200,
      body: { resolution: { action: 'adopt', stripeId: 'ii_1', by: 'operator@example.com', doneAt: null } },
    });
    expect(await api.prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } })).toMatchObject({
      wakeAt: api.clock.now(),
    });
    expect(await resolve(publicId, { action: 'retry' })).toMatchObject({ status: 409 });
    expect(await read(`/v1/admin/stripe/pushes/${publicId}`)).toMatchObject({ status: 200 });
  });

  test('are decided about by nobody else, and with what it takes', async () => {
    const { publicId } = await stoppedPush();
    expect(await resolve(publicId, { action: 'retry' }, viewer)).toMatchObject({ status: 403 });
    expect(await resolve(publicId, { action: 'discard' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/reason' }] },
    });
    expect(await resolve(publicId, { action: 'adopt', stripeId: 'pi_1' })).toMatchObject({ status: 400 });
    const confirmed = await stoppedPush('confirmed');
    expect(await resolve(confirmed.publicId, { action: 'retry' })).toMatchObject({ status: 409 });
    expect(await resolve(toPublicId('psh', newId()), { action: 'retry' })).toMatchObject({ status: 404 });
  });
});

describe('the inbox of webhooks', () => {
  test('shows what was kept, and lets it be applied again', async () => {
    const id = newId();
    await api.prisma.inboxEvent.create({
      data: {
        id,
        source: 'stripe',
        externalId: 'evt_kept',
        bodyEncrypted: Buffer.from('sealed'),
        receivedAt: api.clock.now(),
        result: 'invoice.paid: not applied, it is of live mode',
      },
    });
    const publicId = toPublicId('evt', id);
    expect(await read('/v1/admin/webhooks?state=kept&source=stripe')).toMatchObject({
      body: { events: [{ id: publicId, externalId: 'evt_kept', appliedAt: null }] },
    });
    const again = (cookie: string) =>
      api.call('POST', `/v1/admin/webhooks/${publicId}/apply-again`, { headers: { cookie }, json: {} });
    expect(await again(viewer)).toMatchObject({ status: 403 });
    expect(await again(operator)).toMatchObject({ status: 200, body: { id: publicId, result: null } });
    expect(await api.prisma.inboxEvent.findUniqueOrThrow({ where: { id } })).toMatchObject({
      wakeAt: api.clock.now(),
    });
  });
});
