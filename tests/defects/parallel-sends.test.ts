import { describe, expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

const creditForTen = { balanceMicros: 15_000_000n };
const fifty = Array.from({ length: 50 }, (_, index) => ({ to: '+420777123456', body: `Message ${index}` }));

async function expectTenSms(tenantId: string) {
  const { simulator, deliver, bookings, account } = gateway();
  expect(simulator.received()).toHaveLength(10);
  await deliver();
  expect(await bookings(tenantId)).toEqual(Array.from({ length: 10 }, () => ['sms_send', -1_500_000n]));
  expect(await account(tenantId)).toMatchObject({ balanceMicros: 0n, reservedMicros: 0n });
}

describe('4. Credit for ten lets exactly ten of fifty through', () => {
  test('when fifty requests come at once', async () => {
    const { send, work, tenantWithKey } = gateway();
    const { tenant, key } = await tenantWithKey(creditForTen);
    const answers = await Promise.all(fifty.map((request) => send(key, request)));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(50 - accepted.length);
    expect(accepted.length).toBeGreaterThanOrEqual(10);
    await work();
    await expectTenSms(tenant.id);
  });

  test('when all fifty were accepted before anything was sent, and fifty jobs run at once', async () => {
    const { send, work, tenantWithKey, prisma } = gateway();
    const { tenant, key } = await tenantWithKey(creditForTen);
    // One after another, so that each finds the credit that no job has reserved yet.
    for (const request of fifty) expect((await send(key, request)).status).toBe(202);
    await work();
    await expectTenSms(tenant.id);
    const refused = await prisma.message.findMany({ where: { tenantId: tenant.id, state: 'rejected' } });
    expect(refused.map(({ failureCode }) => failureCode)).toEqual(refused.map(() => 'insufficient_credit'));
    expect(refused).toHaveLength(40);
  });
});
