import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveInvoice } from '../../src/billing/approve-invoice.ts';
import { newId } from '../../src/ids/ids.ts';
import { type BillingFixture, dice, startBillingFixture } from './billing-fixture.ts';

let billing: BillingFixture;

beforeAll(async () => {
  billing = await startBillingFixture();
});
afterAll(() => billing.close());

const INVOICES = 1_000;
const WORKERS = 8;

test('a thousand invoices, issued at once by workers that fail at random, have no gap and no copy', {
  timeout: 300_000,
}, async () => {
  const { prisma, clock, transact } = billing;
  const tenantId = await billing.tenant();
  const drafts = Array.from({ length: INVOICES }, () => ({
    id: newId(),
    tenantId,
    kind: 'top_up',
    document: 'ours',
    state: 'awaiting_approval',
    currency: 'CZK',
    usageMicros: 0n,
    settlesMicros: 0n,
    totalMinor: 0n,
    grossMinor: 0n,
    issuedAt: clock.now(),
  }));
  await prisma.invoice.createMany({ data: drafts });
  const waiting = drafts.map(({ id }) => id);
  let aborted = 0;
  const work = async (worker: number) => {
    const roll = dice(worker + 1);
    for (let invoiceId = waiting.pop(); invoiceId !== undefined; invoiceId = waiting.pop()) {
      const id = invoiceId;
      await transact(async (tx) => {
        await approveInvoice(tx, { invoiceId: id, by: 'test' }, clock.now());
        if (roll(3) === 0) throw new Error('gone after the number was taken');
      }).catch(() => {
        aborted += 1;
        waiting.push(id);
      });
      if (aborted > INVOICES) return;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));

  expect(aborted).toBeGreaterThan(100);
  const rows = await prisma.invoice.findMany({ where: { tenantId }, select: { number: true } });
  const expected = Array.from(
    { length: INVOICES },
    (_, index) => `TD2026${String(index + 1).padStart(6, '0')}`,
  );
  expect(rows.map(({ number }) => number).toSorted()).toEqual(expected);
  await billing.expectCorrectBooks();
});
