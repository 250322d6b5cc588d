import type { World } from '../weather/world.ts';

export type Facts = Awaited<ReturnType<typeof readFacts>>;

/** What both sides have on record at the end of a run: our rows, and what the outside really did. */
export async function readFacts({ prisma, simulators, client, post, mischief, counts, tenants }: World) {
  const messages = await prisma.message.findMany({
    include: { attempts: { include: { reports: true }, orderBy: { number: 'asc' } } },
    orderBy: { acceptedAt: 'asc' },
  });
  const invoices = await prisma.invoice.findMany({ include: { pushes: true, period: true } });
  return {
    messages,
    invoices,
    entries: await prisma.ledgerEntry.findMany(),
    accounts: await prisma.account.findMany(),
    periods: await prisma.billingPeriod.findMany({ orderBy: { startsAt: 'asc' } }),
    notifications: await prisma.notification.findMany(),
    deadLetters: await prisma.deadLetter.findMany(),
    rollups: await prisma.usageRollup.findMany(),
    tenants,
    requests: client.requests,
    /** SMS that the provider took, by our attempt. */
    taken: Map.groupBy(simulators.sms.received(), ({ payload }) => String(payload?.attempt)),
    /** Webhooks that the api has answered for. */
    arrived: post.arrived(),
    lies: mischief.lies,
    stripeItems: simulators.stripe.objects.invoiceItems(),
    stripeInvoices: simulators.stripe.objects.invoices(),
    mails: simulators.mail.messages(),
    counts,
  };
}

export type FactsMessage = Facts['messages'][number];
