import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import type { Notice } from '../src/notifications/notices.ts';
import { notifyTenant } from '../src/notifications/notify-tenant.ts';
import { type PaymentsFixture, startPaymentsFixture } from './payments-fixture.ts';

let billing: PaymentsFixture;

beforeAll(async () => {
  billing = await startPaymentsFixture();
});
afterAll(() => billing.close());
beforeEach(() => billing.mailQueue.drain());

const tell = (notice: Notice) => billing.work((tx) => notifyTenant(tx, notice, billing.clock.now()));
const lowBalance = (tenantId: string, subjectId = newId()): Notice => ({
  tenantId,
  subjectId,
  kind: 'low_balance',
  content: { available: '12.50', line: '100.00', currency: 'CZK' },
});

describe('a tenant', () => {
  test('is told once of a subject, however often and at once somebody says so', async () => {
    const { id } = await billing.tenant();
    const notice = lowBalance(id);
    await Promise.all([tell(notice), tell(notice), tell(notice)]);
    await tell(notice);
    const [mail, ...others] = await billing.prisma.notification.findMany({ where: { tenantId: id } });
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      recipient: 'owner@bookshop.example',
      content: { available: '12.50', tenantName: 'Bookshop', locale: 'cs' },
    });
    expect((await billing.mailQueue.getWaiting()).map(({ data }) => data)).toEqual([
      { notificationId: mail?.id },
    ]);
  });

  test.each([
    ['without an address', { email: null }],
    ['that wants no mails', { notifications: false }],
    ['that muted the kind', { mutedKinds: ['low_balance'] }],
  ])('%s is told nothing', async (_who, settings) => {
    const { id } = await billing.tenant(settings);
    await tell(lowBalance(id));
    expect(await billing.mails(id)).toEqual([]);
    expect(await billing.mailQueue.getWaiting()).toEqual([]);
  });

  test('is never told what does not fit its kind', async () => {
    const { id } = await billing.tenant();
    const notice = lowBalance(id);
    const broken = { ...notice, content: { ...notice.content, available: 'little' } } as Notice;
    await expect(tell(broken)).rejects.toThrow('decimal amount');
    expect(await billing.mails(id)).toEqual([]);
  });
});
