import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { describe, expect, test } from 'vitest';
import { closeDuePeriods } from '../../services/invoicer/src/close-periods/close-due-periods.ts';
import { collectInvoice } from '../../services/invoicer/src/collect-invoice/collect-invoice.ts';
import { sweepInvoices } from '../../services/invoicer/src/sweep/sweep-invoices.ts';
import { gatewayForEachTest } from './gateway.ts';
import { killedAfter } from './killed-after.ts';

const gateway = gatewayForEachTest();

/** A tenant with one delivered message that costs 1.50. */
async function tenantWithUsage() {
  const { send, work, deliver, billedTenant } = gateway();
  const billed = await billedTenant();
  expect((await send(billed.key, { to: '+420777123456', body: 'Your parcel is ready.' })).status).toBe(202);
  await work();
  await deliver();
  return billed;
}

async function expectOneItem(
  { tenant, customer }: Awaited<ReturnType<typeof tenantWithUsage>>,
  when: string,
) {
  const { itemsOf, prisma } = gateway();
  expect(itemsOf(customer), when).toEqual([150]);
  const invoices = await prisma.invoice.findMany({ where: { tenantId: tenant.id, document: 'stripe' } });
  expect(
    invoices.map(({ currency, settlesMicros }) => [currency, settlesMicros]),
    when,
  ).toEqual([['CZK', 1_500_000n]]);
}

describe('6. A month makes one invoice item', () => {
  test('however often and however many at once it is closed and collected', async () => {
    const { closeMonth, invoicing, prisma, goTo } = gateway();
    const billed = await tenantWithUsage();
    goTo('2026-04-01T02:00:00Z');
    await Promise.allSettled(
      Array.from({ length: 4 }, () => closeDuePeriods(invoicing, { trigger: 'monthly' })),
    );
    const invoices = await prisma.invoice.findMany({ where: { tenantId: billed.tenant.id } });
    const ids = invoices.flatMap(({ id }) => [id, id, id]);
    await Promise.allSettled(ids.map((id) => collectInvoice(invoicing, id)));
    await closeMonth();
    await closeMonth();
    await expectOneItem(billed, 'after all of them');
  });

  test('at whichever step the process that closes it is killed', async () => {
    const { invoicing, clock, prisma, work } = gateway();
    let isKilled = true;
    let step = 0;
    for (; isKilled; step += 1) {
      const billed = await tenantWithUsage();
      const { tenant } = billed;
      const asOf = new Date('2026-04-01T00:00:00Z');
      const close = (deps: typeof invoicing) =>
        closeDuePeriods(deps, { trigger: 'manual', tenantId: tenant.id, asOf });
      const doomed = killedAfter(step, invoicing);
      isKilled = await close(doomed.deps)
        .then(() => prisma.invoice.findFirstOrThrow({ where: { tenantId: tenant.id } }))
        .then(({ id }) => collectInvoice(doomed.deps, id))
        .then(
          () => false,
          () => true,
        );
      expect(isKilled).toBe(doomed.isDead());

      // What the next process finds: the tick comes again, and the sweeper wakes what was left.
      await close(invoicing);
      clock.advance(2 * MINUTE_MS);
      await inTransaction(invoicing, (tx) => sweepInvoices(tx, clock.now()));
      await work();
      await expectOneItem(billed, `killed before step ${step + 1}`);
    }
    expect(step).toBeGreaterThan(20);
  }, 90_000);
});
