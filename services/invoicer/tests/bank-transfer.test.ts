import { newId } from '@tollgate/shared/ids/ids.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { buildInvoice, buildParties } from '@tollgate/shared/testing/build-invoice.ts';
import { DAY_MS, HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectByBankTransfer } from '../src/collect-invoice/bank-transfer/collect-by-bank-transfer.ts';
import { sweepDunning } from '../src/dunning/sweep-dunning.ts';
import { type InvoicerFixture, startInvoicerFixture } from './invoicer-fixture.ts';

let invoicer: InvoicerFixture;

beforeAll(async () => {
  invoicer = await startInvoicerFixture();
});
afterAll(() => invoicer.close());

async function invoiced(overrides: { isDraft?: boolean } = {}) {
  const { id: tenantId } = await invoicer.postpaidTenant();
  await buildParties(invoicer.prisma, { tenantId }, invoicer.clock.now());
  const invoiceId = await buildInvoice(invoicer.deps, { tenantId, ...overrides }, invoicer.clock.now());
  return { tenantId, invoiceId };
}

const mails = (tenantId: string, kind: string) =>
  invoicer.prisma.notification.findMany({ where: { tenantId, kind } });
const row = (id: string) => invoicer.prisma.invoice.findUniqueOrThrow({ where: { id } });

describe('collecting by bank transfer', () => {
  test('keeps one document and asks once by mail, however often it is tried', async () => {
    const { invoiceId, tenantId } = await invoiced();
    expect((await row(invoiceId)).wakeAt).not.toBeNull();
    await Promise.all([1, 2, 3].map(() => collectByBankTransfer(invoicer.deps, invoiceId)));
    await collectByBankTransfer(invoicer.deps, invoiceId);
    expect(await invoicer.prisma.invoiceDocument.findMany({ where: { invoiceId } })).toMatchObject([
      { kind: 'document', tenantId },
    ]);
    expect(await mails(tenantId, 'invoice_issued')).toHaveLength(1);
    expect(await row(invoiceId)).toMatchObject({ state: 'issued', wakeAt: null });
  });

  test('asks for nothing that an operator has not approved', async () => {
    const { invoiceId, tenantId } = await invoiced({ isDraft: true });
    await collectByBankTransfer(invoicer.deps, invoiceId);
    expect(await invoicer.prisma.invoiceDocument.count({ where: { invoiceId } })).toBe(0);
    expect(await mails(tenantId, 'invoice_issued')).toEqual([]);
  });
});

test('several invoicers that look at what is unpaid at once remind once and suspend once', async () => {
  const { invoiceId, tenantId } = await invoiced();
  await invoicer.prisma.billingSettings.update({ where: { tenantId }, data: { onPastDue: 'suspend' } });
  invoicer.clock.advance(40 * DAY_MS);
  const name = newId();
  const sweepers = [1, 2, 3].map(() =>
    startSweeper({
      ...invoicer.deps,
      name,
      everyMs: HOUR_MS,
      sweep: (tx) => sweepDunning(tx, invoicer.clock.now()),
    }),
  );
  await Promise.all(sweepers.map((sweeper) => sweeper.sweepNow()));
  await sweepers[0]?.sweepNow();
  await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
  expect(await invoicer.prisma.invoiceReminder.findMany({ where: { invoiceId } })).toMatchObject([
    { level: 3 },
  ]);
  expect(await mails(tenantId, 'reminder')).toHaveLength(1);
  expect(await mails(tenantId, 'suspended')).toHaveLength(1);
  expect(await invoicer.prisma.tenant.findUniqueOrThrow({ where: { id: tenantId } })).toMatchObject({
    status: 'suspended',
    suspensionReason: 'unpaid',
  });
});
