import { createHash } from 'node:crypto';
import { approveInvoice } from '@tollgate/shared/billing/approve-invoice.ts';
import { createCreditNote } from '@tollgate/shared/billing/create-credit-note.ts';
import { issueTopUpDocument } from '@tollgate/shared/billing/prepaid/issue-top-up-document.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { buildInvoice, buildParties, type TestInvoice } from '@tollgate/shared/testing/build-invoice.ts';
import { buildTenant, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { fixedClock } from '@tollgate/shared/time/clock.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentOf } from '../src/document-of.ts';
import { readPdf } from '../src/testing/read-pdf.ts';

const database = await createTestDatabase();
const connection = await openTestQueue('postgres', database, { workersMax: 0 });
const { prisma } = database;
const deps = {
  prisma,
  producer: createProducer({ connection, logger: collectingLogger().logger }),
  clock: fixedClock(testNow),
};
let tenantId: string;

beforeAll(async () => {
  ({ id: tenantId } = await buildTenant(prisma, { paymentTerms: 'postpaid', balanceMicros: 0n }));
  await buildParties(prisma, { tenantId }, testNow);
});
afterAll(async () => {
  await connection.close();
  await database.close();
});

const issue = (overrides: Partial<TestInvoice> = {}) =>
  buildInvoice(deps, { tenantId, ...overrides }, testNow);
const textOf = async (pdf: Uint8Array | undefined) =>
  (await readPdf(pdf ?? new Uint8Array())).pages.flat().join('\n');

describe('the PDF of an invoice', () => {
  test('is made of what was frozen on it, and kept', async () => {
    const invoiceId = await issue();
    const { number } = await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    const document = await documentOf(deps, invoiceId, 'document');
    const text = await textOf(document?.pdf);
    expect(text).toContain('Knihkupectví U Žluťoučkého koně, a.s.');
    expect(text).toContain(`Faktura – daňový doklad\nč. ${number}`.split('\n')[1]);
    expect(text).toMatch(/1 210,00 Kč/);
    expect(text).toContain('24. 3. 2026');
    expect(document?.fileName).toBe(`${number}.pdf`);
    const stored = await prisma.invoiceDocument.findMany({ where: { invoiceId } });
    expect(stored).toHaveLength(1);
    expect(Buffer.from(stored[0]?.sha256 ?? []).toString('hex')).toBe(
      createHash('sha256')
        .update(document?.pdf ?? '')
        .digest('hex'),
    );
  });

  test('is one, whoever asks for it at the same moment', async () => {
    const invoiceId = await issue();
    const documents = await Promise.all([1, 2, 3, 4].map(() => documentOf(deps, invoiceId, 'document')));
    const [first] = documents;
    for (const document of documents) expect(document?.pdf).toEqual(first?.pdf);
    expect(await prisma.invoiceDocument.count({ where: { invoiceId } })).toBe(1);
  });

  test('stays what it was first, whatever became of the invoice', async () => {
    const invoiceId = await issue();
    const before = await documentOf(deps, invoiceId, 'document');
    await prisma.invoice.update({ where: { id: invoiceId }, data: { paidMinor: 50_000n } });
    expect((await documentOf(deps, invoiceId, 'document'))?.pdf).toEqual(before?.pdf);
    await expect(
      prisma.invoiceDocument.updateMany({ where: { invoiceId }, data: { kind: 'other' } }),
    ).rejects.toThrow();
  });

  test('does not exist before an operator has approved it', async () => {
    const draftId = await issue({ isDraft: true });
    expect(await documentOf(deps, draftId, 'document')).toBeNull();
    await inTransaction(deps, (tx) =>
      approveInvoice(tx, { invoiceId: draftId, by: 'olga@example.com' }, testNow),
    );
    expect(await documentOf(deps, draftId, 'document')).not.toBeNull();
  });

  test('shows the lines of the tenants that it pays for', async () => {
    const branch = await buildTenant(prisma, { name: 'Pobočka Říčany', balanceMicros: 0n });
    const sectionId = await buildInvoice(
      deps,
      { tenantId: branch.id, document: 'statement', totalMinor: 30_000n },
      testNow,
    );
    const invoiceId = await issue();
    await prisma.invoiceLine.create({
      data: {
        invoiceId,
        position: 2,
        kind: 'section',
        sectionInvoiceId: sectionId,
        meter: '',
        country: '',
        unitPriceMicros: 0n,
        quantity: 1n,
        amountMicros: 300_000_000n,
        description: 'Pobočka',
      },
    });
    const text = await textOf((await documentOf(deps, invoiceId, 'document'))?.pdf);
    expect(text).toContain('Pobočka Říčany 300,00');
    expect(text).toContain('SMS – Česko 200 1,50 300,00');
  });

  test('of a credit note names its invoice', async () => {
    const invoiceId = await issue();
    const { number } = await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    const noteId = await inTransaction(deps, (tx) =>
      createCreditNote(
        tx,
        { invoiceId, amountMicros: 100_000_000n, reason: 'sleva', by: 'olga@example.com' },
        testNow,
      ),
    );
    const text = await textOf((await documentOf(deps, noteId, 'document'))?.pdf);
    expect(text).toContain('Opravný daňový doklad');
    expect(text).toContain(number ?? 'no number');
    expect(text).toContain('121,00 Kč');
    expect(text).not.toContain('Platba převodem');
  });
});

describe('the PDF of prepaid credit', () => {
  test('that was bought says what was paid and when, and its credit note names it', async () => {
    const payment = {
      tenantId,
      currency: 'CZK',
      topUpId: null,
      netMinor: 50_000n,
      vatMinor: 10_500n,
      method: 'bank_transfer',
      reference: 'VS 1',
      by: 'olga@example.com',
    } as const;
    const invoiceId = await inTransaction(deps, (tx) => issueTopUpDocument(tx, payment, testNow));
    const { number } = await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    const text = await textOf((await documentOf(deps, invoiceId, 'document'))?.pdf);
    for (const words of [
      'Daňový doklad k přijaté platbě',
      String(number),
      'Datum přijetí platby',
      '10. 3. 2026',
      'Kredit na SMS 1 500,00 500,00',
      '105,00 Kč',
      '605,00 Kč',
      'Zaplaceno.',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/K úhradě|Datum splatnosti|Platba převodem/);
    const credit = { invoiceId, reason: 'refund of a top-up', by: 'olga@example.com' };
    const noteId = await inTransaction(deps, (tx) => createCreditNote(tx, credit, testNow));
    const note = await textOf((await documentOf(deps, noteId, 'document'))?.pdf);
    for (const words of [
      'Opravný daňový doklad',
      'Opravuje doklad',
      String(number),
      'Vrácení platby za kredit',
    ])
      expect(note).toContain(words);
  });

  test('that was used with VAT in it is a tax document which asks for nothing', async () => {
    const invoiceId = await issue({ document: 'statement', collection: 'none', paymentTerms: 'prepaid' });
    const text = await textOf((await documentOf(deps, invoiceId, 'document'))?.pdf);
    for (const words of [
      'Vyúčtování spotřeby – daňový doklad',
      'Datum zdanitelného plnění',
      '28. 2. 2026',
      'z toho DPH 21 %',
      '173,55 Kč',
      '826,45 Kč',
      'Není co platit.',
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('Platba převodem');
  });
});

describe('the PDF of a reminder', () => {
  test('asks for what was left when it was made, once per level', async () => {
    const invoiceId = await issue();
    expect(await documentOf(deps, invoiceId, 'reminder_1')).toBeNull();
    await prisma.invoice.update({ where: { id: invoiceId }, data: { paidMinor: 100_000n } });
    await prisma.invoiceReminder.create({
      data: { invoiceId, tenantId, level: 1, remindedAt: new Date('2026-03-27T10:00:00Z') },
    });
    const reminder = await documentOf(deps, invoiceId, 'reminder_1');
    const text = await textOf(reminder?.pdf);
    expect(text).toContain('Upomínka');
    expect(text).toContain('před 3 dny');
    expect(text).toContain('210,00 Kč');
    await prisma.invoice.update({ where: { id: invoiceId }, data: { paidMinor: 0n } });
    expect((await documentOf(deps, invoiceId, 'reminder_1'))?.pdf).toEqual(reminder?.pdf);
    expect(reminder?.fileName).toMatch(/-reminder-1\.pdf$/);
  });
});
