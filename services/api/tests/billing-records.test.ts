import { beginRun, finishRun } from '@tollgate/shared/billing/runs.ts';
import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods, collectInvoice } from '@tollgate/shared/queues/catalog.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages } from './charge-messages.ts';

let api: ApiFixture;
let operator: string;
let viewer: string;

beforeAll(async () => {
  api = await startApiFixture();
  // March is over; sessions are opened afterwards, because they end within hours.
  api.clock.advance(new Date('2026-04-02T10:00:00Z').getTime() - api.clock.now().getTime());
  [operator, viewer] = [await api.operatorCookie('operator'), await api.operatorCookie('viewer')];
});
afterAll(() => api.close());

const get = (path: string, cookie = viewer) => api.call('GET', `/v1/admin${path}`, { headers: { cookie } });
const post = (path: string, json: unknown = {}, cookie = operator) =>
  api.call('POST', `/v1/admin${path}`, { headers: { cookie }, json });

/** A tenant that pays by bank transfer and used 3.00 of its currency in March. */
async function billable(approval: 'automatic' | 'manual' = 'automatic', currency = 'CZK') {
  const { tenant, key } = await api.tenantWithKey({
    paymentTerms: 'postpaid',
    currency,
    balanceMicros: 0n,
    creditLimitMicros: 1_000_000_000n,
  });
  const change = { collection: 'bank_transfer', approval };
  await api.prisma.billingSettings.update({ where: { tenantId: tenant.id }, data: change });
  await api.prisma.billingPeriod.updateMany({ where: { tenantId: tenant.id }, data: change });
  await chargeMessages(api.prisma, tenant, [
    { at: '2026-03-20T10:00:00Z', segments: 2, unitPriceMicros: 1_500_000n, priceMicros: 3_000_000n },
  ]);
  const publicId = toPublicId('tnt', tenant.id);
  const bill = async () => {
    const { body } = await post('/billing/invoices', { tenant: publicId, month: '2026-03' });
    return body.invoices[0].id as string;
  };
  return { tenant, key, publicId, bill };
}

describe('billing a month', () => {
  test('can be tried: the answer is what would be billed, and nothing is written', async () => {
    const { tenant, publicId } = await billable();
    const answer = await post('/billing/invoices', { tenant: publicId, month: '2026-03', dryRun: true });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        invoices: [{ id: null, document: 'ours', usage: '3.00', owed: '3.00', total: '3.00' }],
      },
    });
    expect(await api.prisma.invoice.count({ where: { tenantId: tenant.id } })).toBe(0);
    expect(await api.prisma.billingPeriod.count({ where: { tenantId: tenant.id, closedAt: null } })).toBe(1);
  });

  test('makes what the try said, once, and collects it', async () => {
    const { publicId } = await billable();
    const wish = { tenant: publicId, month: '2026-03' };
    const tried = await post('/billing/invoices', { ...wish, dryRun: true });
    const made = await post('/billing/invoices', wish);
    expect(made).toMatchObject({ status: 201, body: { dryRun: false } });
    const [{ id, ...invoice }] = made.body.invoices;
    expect([invoice]).toEqual(tried.body.invoices.map(({ id: _id, ...said }: { id: null }) => said));
    expect(await api.waiting(collectInvoice)).toContainEqual({ invoiceId: fromPublicId('inv', id) });
    expect(await post('/billing/invoices', wish)).toMatchObject({ status: 201, body: { invoices: [] } });
  });

  test('is refused while the month runs, naming the field', async () => {
    const { publicId } = await billable();
    const answer = await post('/billing/invoices', { tenant: publicId, month: '2026-04' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/month' }] } });
  });
});

describe('approval', () => {
  test('issues what waits for it, with a number; again changes nothing', async () => {
    const { bill } = await billable('manual');
    const id = await bill();
    expect(await get(`/invoices/${id}`)).toMatchObject({
      status: 200,
      body: { state: 'awaiting_approval', number: null },
    });
    const approved = await post(`/invoices/${id}/approve`);
    expect(approved).toMatchObject({
      status: 200,
      body: { state: 'issued', approvedBy: 'operator@example.com', number: expect.stringMatching(/\d{10}$/) },
    });
    expect((await post(`/invoices/${id}/approve`)).body).toEqual(approved.body);
  });

  test('of several tells each result', async () => {
    const [one, two] = [await billable('manual'), await billable('manual')];
    const [good, withdrawn] = [await one.bill(), await two.bill()];
    await post(`/invoices/${withdrawn}/void`, { reason: 'a mistake' });
    const { status, body } = await post('/billing/approve', { invoices: [good, withdrawn] });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { id: good, approved: true, problem: null },
      { id: withdrawn, approved: false, problem: { code: 'conflict' } },
    ]);
  });

  test('is not for viewers', async () => {
    const { bill } = await billable('manual');
    expect(await post(`/invoices/${await bill()}/approve`, {}, viewer)).toMatchObject({ status: 403 });
  });
});

describe('taking back', () => {
  test('a voided invoice keeps its number, and its usage goes on the next one', async () => {
    const { bill, tenant } = await billable();
    const id = await bill();
    const { number } = (await get(`/invoices/${id}`)).body;
    const voided = await post(`/invoices/${id}/void`, { reason: 'wrong company' });
    expect(voided).toMatchObject({
      status: 200,
      body: { state: 'void', number, voidedBy: 'operator@example.com', voidReason: 'wrong company' },
    });
    const open = await api.prisma.usageRollup.findMany({ where: { tenantId: tenant.id, invoiceId: null } });
    expect(open.map(({ amountMicros }) => amountMicros)).toEqual([3_000_000n]);
  });

  async function pushedInvoice(kind: string) {
    const { bill, tenant } = await billable();
    const id = await bill();
    const invoiceId = fromPublicId('inv', id) as string;
    await api.prisma.stripePush.create({
      data: {
        id: invoiceId,
        tenantId: tenant.id,
        invoiceId,
        kind,
        params: {},
        idempotencyKey: `key of ${invoiceId}`,
        state: 'confirmed',
        stripeId: `made ${invoiceId}`,
        firstSentAt: api.clock.now(),
      },
    });
    return { id, invoiceId };
  }

  test('what Stripe asks for already is not voided', async () => {
    const { id, invoiceId } = await pushedInvoice('finalize');
    const answer = await post(`/invoices/${id}/void`, { reason: 'a mistake' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.detail).toContain(`made ${invoiceId}`);
    expect((await get(`/invoices/${id}`)).body.state).toBe('issued');
  });

  test('what only waits at Stripe is voided, and taken back there by a job and the sweep', async () => {
    const { id, invoiceId } = await pushedInvoice('invoice_item');
    const before = (await api.waiting(collectInvoice)).filter((job) => job.invoiceId === invoiceId).length;
    expect(await post(`/invoices/${id}/void`, { reason: 'a mistake' })).toMatchObject({ status: 200 });
    const jobs = (await api.waiting(collectInvoice)).filter((job) => job.invoiceId === invoiceId);
    expect(jobs.length).toBe(before + 1);
    const row = await api.prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    expect(row).toMatchObject({ state: 'void', wakeAt: api.clock.now() });
  });

  test('a credit note takes a part back; one for more than is left names the amount', async () => {
    const { bill, tenant } = await billable();
    const id = await bill();
    const note = await post(`/invoices/${id}/credit-notes`, { amount: '1.00', reason: 'not delivered' });
    expect(note).toMatchObject({
      status: 201,
      body: { kind: 'credit_note', state: 'issued', total: '-1.00' },
    });
    const account = await api.prisma.account.findFirstOrThrow({ where: { tenantId: tenant.id } });
    expect(account.balanceMicros).toBe(-2_000_000n);
    const again = await post(`/invoices/${id}/credit-notes`, { amount: '2.01', reason: 'more' });
    expect(again).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/amount' }] } });
  });
});

test('a collection is tried again on request', async () => {
  const { bill } = await billable();
  const id = await bill();
  const before = (await api.waiting(collectInvoice)).length;
  expect(await post(`/invoices/${id}/retry`)).toMatchObject({ status: 202 });
  expect((await api.waiting(collectInvoice)).length).toBe(before + 1);
});

test('records are found by tenant, state and document, newest first, page by page', async () => {
  const [one, two] = [await billable(), await billable('manual')];
  const [issued, waiting] = [await one.bill(), await two.bill()];
  const ids = async (query: string) =>
    (await get(`/billing/records?${query}`)).body.records.map((record: { id: string }) => record.id);
  expect(await ids(`tenant=${one.publicId}`)).toEqual([issued]);
  expect(await ids(`tenant=${one.publicId}&state=awaiting_approval`)).toEqual([]);
  expect(
    await ids(`tenant=${two.publicId}&state=awaiting_approval&document=ours&collection=bank_transfer`),
  ).toEqual([waiting]);
  expect(await ids(`tenant=${one.publicId}&from=2026-04-03`)).toEqual([]);
  const walked: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await get(`/invoices?limit=1${cursor}`);
    walked.push(...body.records.map((record: { id: string }) => record.id));
    if (!body.hasMore) break;
    cursor = `&cursor=${body.nextCursor}`;
  }
  expect(walked).toEqual(await ids('limit=100'));
  expect(await get('/billing/records?state=lost')).toMatchObject({
    status: 400,
    body: { errors: [{ parameter: 'state' }] },
  });
});

test('billing of some tenants or of all is asked for once per request', async () => {
  const { publicId, tenant } = await billable();
  expect(await post('/billing/process', { tenants: [publicId] })).toMatchObject({ status: 202 });
  expect(await post('/billing/process')).toMatchObject({ status: 202 });
  const jobs = await api.waiting(closePeriods);
  expect(jobs).toContainEqual({ trigger: 'manual', tenantId: tenant.id });
  expect(jobs).toContainEqual({ trigger: 'manual' });
});

test('runs are listed with what they saw and how long they took', async () => {
  const startedAt = new Date('2026-04-02T02:00:00Z');
  const id = await beginRun(api.prisma, 'daily', startedAt);
  await finishRun(
    api.prisma,
    id,
    { lookedAt: 3, billed: 1, skipped: 1, failed: 1 },
    new Date('2026-04-02T02:00:01.5Z'),
  );
  expect((await get('/billing/runs')).body.runs).toContainEqual({
    trigger: 'daily',
    startedAt: startedAt.toISOString(),
    durationMs: 1_500,
    lookedAt: 3,
    billed: 1,
    skipped: 1,
    failed: 1,
  });
});

test('statistics add up what was asked for, paid and failed in a month', async () => {
  const [paid, failed] = [await billable('automatic', 'EUR'), await billable('automatic', 'EUR')];
  const [paidId, failedId] = [await paid.bill(), await failed.bill()];
  const uuid = (id: string) => fromPublicId('inv', id) as string;
  await api.prisma.invoice.update({
    where: { id: uuid(paidId) },
    data: { state: 'paid', paidAt: api.clock.now() },
  });
  await api.prisma.invoice.update({ where: { id: uuid(failedId) }, data: { state: 'payment_failed' } });
  const { body } = await get('/billing/stats?month=2026-04');
  expect(body.invoices.filter((each: { currency: string }) => each.currency === 'EUR')).toEqual([
    {
      currency: 'EUR',
      asked: 2,
      paid: 1,
      failed: 1,
      awaitingApproval: 0,
      successRate: 0.5,
      revenue: '3.00',
      outstanding: '3.00',
      average: '3.00',
    },
  ]);
  expect(body.tenantsPerCadence.monthly).toBeGreaterThanOrEqual(2);
  expect(body.highVolume).toEqual({ threshold: '5000', count: 0, tenants: [] });
});
