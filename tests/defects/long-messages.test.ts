import { describe, expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

describe('7. A message of three parts', () => {
  test.each([
    ['307 letters', 'a'.repeat(307)],
    ['135 letters outside GSM-7', 'ř'.repeat(135)],
    ['306 septets with € where a part ends', `${'a'.repeat(152)}€${'a'.repeat(152)}`],
  ])('(%s) is quoted, sent and billed as three', async (_, body) => {
    const { send, work, deliver, billedTenant, closeMonth, goTo, simulator, bookings, prisma, itemsOf } =
      gateway();
    const { tenant, key, customer } = await billedTenant();
    const { body: accepted } = await send(key, { to: '+420777123456', body });
    expect(accepted).toMatchObject({ segments: 3, price: { amount: '4.50', currency: 'CZK' } });
    await work();
    await deliver();
    goTo('2026-04-01T02:00:00Z');
    await closeMonth();

    expect(simulator.received()).toMatchObject([{ body, parts: 3 }]);
    expect(await bookings(tenant.id)).toEqual([['sms_send', -4_500_000n]]);
    const lines = await prisma.invoiceLine.findMany({ where: { invoice: { tenantId: tenant.id } } });
    expect(lines.map(({ quantity, amountMicros }) => [quantity, amountMicros])).toEqual([[3n, 4_500_000n]]);
    expect(itemsOf(customer)).toEqual([450]);
  });

  test('that the provider counts otherwise costs what was quoted; its count and price are kept beside it', async () => {
    const { send, work, deliver, tenantWithKey, simulator, bookings, prisma } = gateway();
    const { tenant, key } = await tenantWithKey();
    for (const partCount of [2, 4]) {
      simulator.faults.set({ reports: { partCount } });
      await send(key, { to: '+420777123456', body: 'a'.repeat(307) });
      await work();
      await deliver();
    }
    const messages = await prisma.message.findMany({
      where: { tenantId: tenant.id },
      orderBy: { acceptedAt: 'asc' },
    });
    // The simulator asks 0.89 CZK for a part.
    expect(
      messages
        .map(({ segments, providerParts, providerCostMicros }) => [
          segments,
          providerParts,
          providerCostMicros,
        ])
        .toSorted(),
    ).toEqual([
      [3, 2, 1_780_000n],
      [3, 4, 3_560_000n],
    ]);
    expect(await bookings(tenant.id)).toEqual([
      ['sms_send', -4_500_000n],
      ['sms_send', -4_500_000n],
    ]);
  });
});
