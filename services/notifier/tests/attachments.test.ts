import { sendReminders } from '@tollgate/shared/dunning/send-reminders.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NotifierFixture, newNotification, startNotifierFixture } from './notifier-fixture.ts';

let notifier: NotifierFixture;

beforeAll(async () => {
  notifier = await startNotifierFixture();
});
afterAll(() => notifier.close());
beforeEach(() => {
  notifier.server.taken.length = 0;
  notifier.server.read.length = 0;
});

const stored = (invoiceId: string, kind: string) =>
  notifier.prisma.invoiceDocument.findUniqueOrThrow({ where: { invoiceId_kind: { invoiceId, kind } } });

const attached = () =>
  notifier.server.read.map(({ attachments }) =>
    attachments.map(({ filename, mimeType, content }) => ({
      filename,
      mimeType,
      content: Buffer.from(content as ArrayBuffer),
    })),
  );

describe('the mail of an invoice', () => {
  test('brings the PDF that is kept, byte for byte, and names the number', async () => {
    const { mailId, invoiceId, number } = await notifier.invoice();
    await notifier.send(mailId);
    const [mail] = notifier.server.taken;
    expect(mail?.subject).toBe(`Bookshop: faktura ${number}`);
    expect(mail?.messageId).toBe(`<${mailId}@tollgate.example>`);
    const { pdf } = await stored(invoiceId, 'document');
    expect(attached()).toEqual([
      [{ filename: `${number}.pdf`, mimeType: 'application/pdf', content: Buffer.from(pdf) }],
    ]);
  });

  test('is the same mail at the next attempt', async () => {
    notifier.server.misbehave('cut');
    const { mailId } = await notifier.invoice();
    await notifier.send(mailId);
    notifier.clock.advance(5 * SECOND_MS);
    await notifier.send(mailId);
    const [first, second] = notifier.server.read;
    expect(notifier.server.read).toHaveLength(2);
    expect([second?.messageId, second?.subject, second?.text]).toEqual([
      first?.messageId,
      first?.subject,
      first?.text,
    ]);
    const [before, after] = attached();
    expect(after).toEqual(before);
  });

  test('waits while there is no document to send', async () => {
    const { mailId, invoiceId } = await notifier.invoice();
    const content = { invoiceId: newId() };
    const { content: frozen } = await notifier.row(mailId);
    await notifier.prisma.notification.update({
      where: { id: mailId },
      data: { content: { ...(frozen as object), ...content } },
    });
    await notifier.send(mailId);
    expect(notifier.server.read).toEqual([]);
    expect(await notifier.row(mailId)).toMatchObject({
      sentAt: null,
      lastError: 'there is no document to send yet',
    });
    await notifier.prisma.notification.update({
      where: { id: mailId },
      data: { content: { ...(frozen as object), invoiceId } },
    });
    notifier.clock.advance(5 * SECOND_MS);
    await notifier.send(mailId);
    expect(notifier.server.taken).toHaveLength(1);
  });
});

test('the mail of a reminder brings the reminder, not the invoice', async () => {
  const { invoiceId, tenantId, number } = await notifier.invoice();
  await inTransaction(notifier.deps, (tx) =>
    sendReminders(tx, { today: '2026-04-05', limit: 100 }, new Date('2026-04-05T08:00:00Z')),
  );
  const mail = await notifier.prisma.notification.findFirstOrThrow({ where: { tenantId, kind: 'reminder' } });
  await notifier.send(mail.id);
  const { pdf } = await stored(invoiceId, 'reminder_2');
  expect(attached()).toEqual([
    [{ filename: `${number}-reminder-2.pdf`, mimeType: 'application/pdf', content: Buffer.from(pdf) }],
  ]);
  expect(notifier.server.taken[0]?.subject).toBe(`Bookshop: 2. upomínka, faktura ${number}`);
});

describe('the summary of a period', () => {
  test('brings its statement', async () => {
    const { invoiceId, number } = await notifier.invoice({ document: 'statement', totalMinor: 0n });
    const summary = newNotification();
    const id = await notifier.notify({ content: { ...summary.content, invoiceId } });
    await notifier.send(id);
    const { pdf } = await stored(invoiceId, 'document');
    expect(attached()).toEqual([
      [{ filename: `${number}.pdf`, mimeType: 'application/pdf', content: Buffer.from(pdf) }],
    ]);
  });

  test('leaves an invoice of ours to the invoice’s own mail', async () => {
    const { invoiceId } = await notifier.invoice();
    const summary = newNotification();
    const id = await notifier.notify({
      content: { ...summary.content, invoiceId, document: 'ours', owed: '1000.00' },
    });
    await notifier.send(id);
    expect(attached()).toEqual([[]]);
    expect(await notifier.prisma.invoiceDocument.count({ where: { invoiceId } })).toBe(0);
  });
});
