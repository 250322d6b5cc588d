import type { Facts } from './facts.ts';

type Invoice = Facts['invoices'][number];

/** One invoice per closed period, one item at Stripe per invoice, and paid is what Stripe told us was paid. */
export function checkInvoices(facts: Facts): string[] {
  const { invoices, periods } = facts;
  const perPeriod = Map.groupBy(
    invoices.filter(({ state }) => state !== 'void'),
    ({ periodId }) => periodId,
  );
  const open = new Set(periods.filter(({ closedAt }) => closedAt === null).map(({ id }) => id));
  return [
    ...[...perPeriod].flatMap(([id, own]) =>
      own.length > 1 ? [`period ${id} has ${own.length} invoices`] : [],
    ),
    ...[...perPeriod.keys()].flatMap((id) =>
      id !== null && open.has(id) ? [`period ${id} is open and has an invoice`] : [],
    ),
    ...invoices.flatMap((invoice) => checkInvoice(invoice, facts)),
    ...checkStrangers(facts),
  ];
}

function checkInvoice(invoice: Invoice, { stripeItems, stripeInvoices, arrived, counts }: Facts): string[] {
  const { id, document, state, totalMinor, currency, pushes } = invoice;
  const items = stripeItems.filter(({ metadata }) => metadata.invoice_id === id);
  if (document !== 'stripe') return items.length > 0 ? [`statement ${id} has items at Stripe`] : [];
  const violations: string[] = [];
  if (items.length > 1) violations.push(`invoice ${id} has ${items.length} items at Stripe`);
  const [item] = items;
  if (item && (BigInt(item.amount) !== totalMinor || item.currency !== currency.toLowerCase())) {
    violations.push(
      `invoice ${id} of ${totalMinor} ${currency} has an item of ${item.amount} ${item.currency}`,
    );
  }
  const [push] = pushes;
  if (push?.state === 'rejected') counts.add('invoice that Stripe refused');
  else if (push?.state !== 'confirmed')
    violations.push(`invoice ${id} was not pushed: ${push?.state}, ${push?.lastError}`);
  else if (push.stripeId !== item?.id)
    violations.push(`invoice ${id} believes in item ${push.stripeId}, Stripe has ${item?.id}`);

  const paid = stripeInvoices.find((one) => one.id === item?.invoice && one.status === 'paid');
  const told = arrived.some(({ source, body }) => source === 'stripe' && paid && isPaidEvent(body, paid.id));
  if (state === 'paid' && !paid) violations.push(`invoice ${id} is paid, but nobody paid at Stripe`);
  if (state !== 'paid' && told)
    violations.push(`invoice ${id} is ${state}, although Stripe told of its payment`);
  if (paid && state !== 'paid' && !told) counts.add('payment that Stripe never told');
  return violations;
}

function isPaidEvent(body: string, invoiceId: string): boolean {
  const { type, data } = JSON.parse(body) as { type: string; data: { object: { id: string } } };
  return type === 'invoice.paid' && data.object.id === invoiceId;
}

function checkStrangers({ stripeItems, invoices }: Facts): string[] {
  const ids = new Set(invoices.map(({ id }) => id));
  return stripeItems
    .filter(({ metadata }) => !ids.has(String(metadata.invoice_id)))
    .map(({ id }) => `Stripe has item ${id} of no invoice`);
}
