import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { buildInvoice, buildParties, type TestInvoice } from '@tollgate/shared/testing/build-invoice.ts';
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

async function invoiced(overrides: Partial<TestInvoice> = {}) {
  const { tenant, key } = await api.tenantWithKey({ paymentTerms: 'postpaid', balanceMicros: 0n });
  const at = api.clock.now();
  await buildParties(api.prisma, { tenantId: tenant.id }, at);
  const deps = {
    prisma: api.prisma,
    producer: createProducer({ connection: api.connection, logger: api.log.logger }),
  };
  const invoiceId = await buildInvoice(deps, { tenantId: tenant.id, ...overrides }, at);
  return { tenantId: tenant.id, key, invoiceId, id: toPublicId('inv', invoiceId) };
}

const record = (id: string, json: unknown, cookie = operator) =>
  api.call('POST', `/v1/admin/invoices/${id}/payments`, { headers: { cookie }, json });
const get = (path: string, cookie = operator) => api.call('GET', path, { headers: { cookie } });

describe('an operator', () => {
  test('marks an invoice as paid: the rest of it, received today', async () => {
    const { id } = await invoiced();
    const answer = await record(id, { reference: 'BANK-1' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        payment: {
          amount: '1210.00',
          currency: 'CZK',
          method: 'bank_transfer',
          reference: 'BANK-1',
          receivedOn: '2026-03-10',
          recordedBy: 'operator@example.com',
        },
        invoice: { id, state: 'paid', due: '0.00' },
      },
    });
    expect((await get(`/v1/admin/invoices/${id}/payments`, viewer)).body).toEqual({
      payments: [answer.body.payment],
    });
  });

  test('records a payment once, however often it is told', async () => {
    const { id } = await invoiced();
    const payment = { reference: 'BANK-2', amount: '200.50', receivedOn: '2026-03-09', method: 'cash' };
    const first = await record(id, payment);
    expect(first).toMatchObject({ status: 201, body: { invoice: { state: 'issued', due: '1009.50' } } });
    const again = await record(id, payment);
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await record(id, { ...payment, amount: '200.00' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  test('takes a payment back', async () => {
    const { id } = await invoiced();
    await record(id, { reference: 'BANK-3' });
    expect(await record(id, { reference: 'BANK-3-BACK', amount: '-1210.00' })).toMatchObject({
      status: 201,
      body: { payment: { amount: '-1210.00' }, invoice: { state: 'issued', due: '1210.00' } },
    });
  });

  test.each([
    [{}, 'reference'],
    [{ reference: 'A', amount: '0' }, 'amount'],
    [{ reference: 'A', amount: '1.005' }, 'amount'],
    [{ reference: 'A', amount: 5 }, 'amount'],
    [{ reference: 'A', method: 'card' }, 'method'],
    [{ reference: 'A', receivedOn: 'yesterday' }, 'receivedOn'],
    [{ reference: 'A', note: 'x' }, 'note'],
  ])('is told which field of %o does not fit', async (json, field) => {
    const { id } = await invoiced();
    expect(await record(id, json)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: `#/${field}` }] },
    });
  });

  test('cannot mark as paid what asks for nothing, or is paid at Stripe', async () => {
    for (const document of ['statement', 'stripe'] as const) {
      const { id } = await invoiced({ document, collection: 'stripe_invoice' });
      expect((await record(id, { reference: document, amount: '1.00' })).status).toBe(409);
    }
    expect((await record('inv_none', { reference: 'A' })).status).toBe(404);
  });

  test('who may only look records nothing', async () => {
    const { id } = await invoiced();
    expect((await record(id, { reference: 'A' }, viewer)).status).toBe(403);
    expect((await record(id, { reference: 'A' }, '')).status).toBe(401);
  });
});

describe('the PDF of an invoice', () => {
  test('is its tenant’s and the operators’, and the same for both', async () => {
    const { id, key, invoiceId } = await invoiced();
    const own = await fetch(`${api.url}/v1/sms/invoices/${id}/pdf`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(own.status).toBe(200);
    expect(own.headers.get('content-type')).toBe('application/pdf');
    expect(own.headers.get('content-disposition')).toMatch(/^inline; filename="INV2026\d{6}\.pdf"$/);
    const bytes = Buffer.from(await own.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const { pdf } = await api.prisma.invoiceDocument.findUniqueOrThrow({
      where: { invoiceId_kind: { invoiceId, kind: 'document' } },
    });
    expect(bytes.equals(Buffer.from(pdf))).toBe(true);
    const theirs = await fetch(`${api.url}/v1/admin/invoices/${id}/pdf`, { headers: { cookie: viewer } });
    expect(Buffer.from(await theirs.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('is nobody else’s', async () => {
    const { id, invoiceId } = await invoiced();
    const { key } = await api.tenantWithKey();
    expect((await api.call('GET', `/v1/sms/invoices/${id}/pdf`, { key })).status).toBe(404);
    expect(await api.prisma.invoiceDocument.count({ where: { invoiceId } })).toBe(0);
  });

  test('does not exist while it waits for approval', async () => {
    const { id, key } = await invoiced({ isDraft: true });
    expect((await api.call('GET', `/v1/sms/invoices/${id}/pdf`, { key })).status).toBe(404);
  });

  test('of a reminder is there once somebody was reminded', async () => {
    const { id, invoiceId, tenantId } = await invoiced();
    const path = `/v1/admin/invoices/${id}/reminders`;
    expect((await get(`${path}/1/pdf`)).status).toBe(404);
    expect((await get(path)).body).toEqual({ reminders: [] });
    const remindedAt = api.clock.now();
    await api.prisma.invoiceReminder.create({ data: { invoiceId, tenantId, level: 1, remindedAt } });
    expect((await get(path)).body).toEqual({
      reminders: [{ level: 1, remindedAt: remindedAt.toISOString(), mailedAt: null }],
    });
    const answer = await get(`${path}/1/pdf`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(/-reminder-1\.pdf"$/);
    expect((await get(`${path}/10/pdf`)).status).toBe(404);
    expect((await get(`${path}/x/pdf`)).status).toBe(404);
  });
});
