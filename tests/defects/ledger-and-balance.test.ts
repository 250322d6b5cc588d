import { newId } from '@tollgate/shared/ids/ids.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { describe, expect, test } from 'vitest';
import { type Gateway, gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

// No sum of such prices is exact in binary fractions.
const priceMicros = 100_001n;

async function sellAt(tenantId: string, unitPriceMicros: bigint) {
  const row = { currency: 'CZK', country: 'CZ', per: 'segment', validFrom: testNow };
  await gateway().prisma.smsPrice.create({ data: { id: newId(), tenantId, unitPriceMicros, ...row } });
}

/** Compares account and ledger, in one statement, again and again while `work` runs; returns what it saw. */
async function watch({ prisma }: Gateway, work: () => Promise<void>) {
  const seen = { balances: new Set<bigint>(), wrong: [] as unknown[] };
  let isOver = false;
  const look = async () => {
    const accounts = await prisma.$queryRaw<
      { balance: bigint; entries: bigint; reserved: bigint; held: bigint }[]
    >`
      SELECT a.balance_micros AS balance, a.reserved_micros AS reserved,
             (SELECT coalesce(sum(amount_micros), 0)::bigint FROM ledger_entries e
              WHERE e.tenant_id = a.tenant_id AND e.currency = a.currency) AS entries,
             (SELECT coalesce(sum(amount_micros), 0)::bigint FROM credit_reservations r
              WHERE r.tenant_id = a.tenant_id AND r.currency = a.currency AND r.state = 'open') AS held
      FROM accounts a`;
    for (const { balance } of accounts) seen.balances.add(balance);
    seen.wrong.push(...accounts.filter((a) => a.balance !== a.entries || a.reserved !== a.held));
  };
  const watcher = (async () => {
    while (!isOver) await look();
  })();
  await work().finally(() => {
    isOver = true;
  });
  await watcher;
  return seen;
}

describe('5. The balance is the sum of the ledger entries', () => {
  test('at every moment, while messages are sent, delivered, rejected and refused', async () => {
    const { send, work, deliver, tenantWithKey, simulator } = gateway();
    const { tenant, key } = await tenantWithKey({ balanceMicros: 2_000_000n });
    await sellAt(tenant.id, priceMicros);
    const endings = ['delivered', 'rejected', 'sentOnly', 'failed', 'delivered'] as const;
    const seen = await watch(gateway(), async () => {
      for (const result of endings) {
        simulator.faults.set({ reports: { result, double: true, reverse: true } });
        const requests = Array.from({ length: 10 }, () => ({
          to: '+420777123456',
          body: `It is ${result}.`,
        }));
        await Promise.all(requests.map((request) => send(key, request)));
        await work();
        await deliver();
      }
    });
    expect(seen.wrong).toEqual([]);
    expect(seen.balances.size).toBeGreaterThan(1);
  });

  test('to the last millionth, from the request to the balance', async () => {
    const { send, call, work, deliver, tenantWithKey, entries } = gateway();
    const { tenant, key } = await tenantWithKey({ balanceMicros: 1_000_000n });
    await sellAt(tenant.id, priceMicros);
    for (let count = 0; count < 3; count += 1) {
      const { body } = await send(key, { to: '+420777123456', body: 'Your parcel is ready.' });
      expect(body.price).toEqual({ amount: '0.100001', currency: 'CZK' });
    }
    await work();
    await deliver();
    expect((await call('GET', '/v1/billing/balance', { key })).body).toMatchObject({ balance: '0.699997' });
    const steps = (await entries(tenant.id)).map((entry) => [
      entry.balanceBeforeMicros,
      entry.balanceAfterMicros,
    ]);
    expect(steps).toEqual([
      [0n, 1_000_000n],
      [1_000_000n, 899_999n],
      [899_999n, 799_998n],
      [799_998n, 699_997n],
    ]);
  });

  test('because money is stored in whole numbers only', async () => {
    const columns = await gateway().prisma.$queryRaw<{ name: string; type: string }[]>`
      SELECT table_name || '.' || column_name AS name, data_type AS type
      FROM information_schema.columns
      WHERE table_schema = 'public'
        AND (column_name LIKE '%\_micros' OR column_name LIKE '%\_minor'
             OR data_type IN ('real', 'double precision', 'numeric', 'money'))`;
    expect(columns.length).toBeGreaterThan(10);
    expect(columns.filter(({ type }) => type !== 'bigint')).toEqual([]);
  });
});
