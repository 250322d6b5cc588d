import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import type { OpenVictim } from './open-victim.ts';
import { judgeMessages } from './system/judge-messages.ts';
import type { Load } from './system/load.ts';
import { readMessages } from './system/read-messages.ts';

/** What came of it all. */
export type Verdict = {
  /** What was counted, in the order of a message's life. */
  counts: [what: string, count: number][];
  /** Everything that is wrong, in words. */
  violations: string[];
};

/** Looks at the books, the provider, Stripe and the mails, and says what does not fit. */
export async function readVerdict(victim: OpenVictim, load: Load): Promise<Verdict> {
  const { system, database } = victim;
  const { prisma } = database;
  const stored = await readMessages(prisma);
  const received = system.simulator.received().map(({ body }) => body);
  const { checks, discrepancyCount } = await reconcile(prisma, systemClock.now());
  const billing = await readBilling(victim);
  const count = (state: string) => stored.filter((message) => message.state === state).length;
  return {
    counts: [
      ['messages accepted', load.accepted.length],
      ['requests refused (no credit, too late)', load.refusedCount()],
      ['messages delivered', count('delivered')],
      ['messages expired', count('expired')],
      ['messages rejected', count('rejected')],
      ['SMS taken by the provider', received.length],
      ['charges', stored.reduce((sum, { chargeCount }) => sum + chargeCount, 0)],
      ...billing.counts,
      ['dead letters', await prisma.deadLetter.count()],
      [`discrepancies (${checks.length} checks)`, discrepancyCount],
    ],
    violations: [
      ...judgeMessages({ accepted: load.accepted, stored, received }),
      ...load.mistakes,
      ...checks.flatMap(({ name, discrepancies }) =>
        discrepancies.map(({ subject, detail }) => `${name}: ${subject}: ${detail}`),
      ),
      ...billing.violations,
      ...system.services
        .filter((service) => !service.isAlive())
        .map(({ name }) => `a ${name} is not running`),
    ],
  };
}

async function readBilling({ system, database }: OpenVictim): Promise<Verdict> {
  const { prisma } = database;
  const invoices = await prisma.invoice.findMany({ where: { document: 'stripe' } });
  const items = system.stripe.objects.invoiceItems();
  const notifications = await prisma.notification.count();
  const mails = new Set(system.mail.messages().map(({ messageId }) => messageId)).size;
  const owed = await prisma.$queryRaw<{ tenantId: string }[]>`
    SELECT a.tenant_id AS "tenantId" FROM accounts a JOIN tenants t ON t.id = a.tenant_id
    WHERE t.payment_terms = 'postpaid' AND (a.balance_micros <> 0 OR a.reserved_micros <> 0)`;
  const itemsOf = (id: string) => items.filter(({ metadata }) => metadata.invoice_id === id);
  return {
    counts: [
      ['invoices', invoices.length],
      ['items at Stripe', items.length],
      ['mails', mails],
    ],
    violations: [
      ...invoices
        .filter(({ state }) => state !== 'paid')
        .map(({ id, state }) => `invoice ${id} is ${state}, not paid`),
      ...invoices.flatMap(({ id, totalMinor }) => {
        const amounts = itemsOf(id).map(({ amount }) => BigInt(amount));
        return amounts.length === 1 && amounts[0] === totalMinor
          ? []
          : [`invoice ${id} is ${totalMinor}, and its items at Stripe are ${amounts.join(', ') || 'none'}`];
      }),
      ...(items.length === invoices.length ? [] : [`${items.length} items for ${invoices.length} invoices`]),
      ...(mails === notifications ? [] : [`${mails} mails came of ${notifications} notifications`]),
      ...owed.map(({ tenantId }) => `${tenantId} has paid everything, and its account is not at zero`),
    ],
  };
}
