import { paymentReference } from '@tollgate/shared/billing/settle-invoice.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { localDate, utcDay } from '@tollgate/shared/time/local-time.ts';
import type { TracedInvoice, TracedUsage, TraceRows } from './read-trace.ts';
import type { TraceStep } from './trace-view.ts';

/** What became of a message's usage: counted, invoiced, pushed and paid. */
export function buildBillingSteps({ usage, pushes, payments }: TraceRows, messageId: string): TraceStep[] {
  return [
    ...usage.map((event) => metered(event, messageId)),
    ...usage.flatMap(rolledUp),
    ...invoicesOf(usage).flatMap(({ invoice, events }) => [
      invoiced(invoice, events),
      ...pushes.filter(({ invoiceId }) => invoiceId === invoice.id).map(pushed),
      ...paid(invoice, payments),
    ]),
  ];
}

/** The invoices that hold the usage, each once: a charge and its refund may be on one or on two. */
export function invoicesOf(
  usage: readonly TracedUsage[],
): { invoice: TracedInvoice; events: TracedUsage[] }[] {
  const events = Map.groupBy(
    usage.filter(({ rollup }) => rollup?.invoice),
    ({ rollup }) => rollup?.invoiceId,
  );
  return [...events.values()].flatMap((own) => {
    const invoice = own[0]?.rollup?.invoice;
    return invoice ? [{ invoice, events: own }] : [];
  });
}

function metered(event: TracedUsage, messageId: string): TraceStep {
  const [, ...correction] = event.sourceId.split(' ');
  return {
    step: 'metered',
    key: [event.meter, messageId, ...correction].join(' '),
    at: event.occurredAt.toISOString(),
    usageEventId: toPublicId('use', event.id),
    quantity: event.quantity.toString(),
    amount: formatMicros(event.amountMicros),
    country: event.country || null,
  };
}

function rolledUp(event: TracedUsage): TraceStep[] {
  if (!event.rollup) return [];
  const { id, meter, country, currency, unitPriceMicros } = event.rollup;
  const day = utcDay(event.rollup.day);
  return [
    {
      step: 'rolled_up',
      key: `${day} ${meter} ${country} ${formatMicros(unitPriceMicros)} ${currency}`,
      at: null,
      rollupId: toPublicId('rol', id),
      usageEventId: toPublicId('use', event.id),
      day,
    },
  ];
}

function invoiced(invoice: TracedInvoice, events: readonly TracedUsage[]): TraceStep {
  const { period } = invoice;
  // Only the tax document of a top-up has no period, and no usage is on it.
  if (!period) throw new RangeError(`invoice ${invoice.id} took usage without a period`);
  const periodId = toPublicId('per', period.id);
  const firstDay = localDate(period.startsAt, period.timeZone);
  const lines = invoice.lines.filter((line) => events.some((event) => isOnLine(event, line, firstDay)));
  return {
    step: 'invoiced',
    key: `${periodId} ${invoice.kind}`,
    at: invoice.issuedAt.toISOString(),
    invoiceId: toPublicId('inv', invoice.id),
    periodId,
    state: invoice.state,
    document: invoice.document,
    lines: lines.map(({ position }) => position),
  };
}

/** Usage of days before the period stands on late lines. */
function isOnLine(event: TracedUsage, line: TracedInvoice['lines'][number], firstDay: string): boolean {
  const isLate = event.rollup !== null && utcDay(event.rollup.day) < firstDay;
  return (
    line.kind === (isLate ? 'late_usage' : 'usage') &&
    event.meter === line.meter &&
    event.country === line.country &&
    event.unitPriceMicros === line.unitPriceMicros
  );
}

function pushed(push: TraceRows['pushes'][number]): TraceStep {
  return {
    step: 'pushed',
    key: push.idempotencyKey,
    at: push.firstSentAt.toISOString(),
    invoiceId: toPublicId('inv', push.invoiceId),
    pushId: toPublicId('psh', push.id),
    state: push.state,
    stripeId: push.stripeId,
  };
}

function paid(invoice: TracedInvoice, payments: TraceRows['payments']): TraceStep[] {
  if (!invoice.paidAt) return [];
  const payment = payments.find(({ reference }) => reference === paymentReference(invoice.id));
  const invoiceId = toPublicId('inv', invoice.id);
  return [
    {
      step: 'paid',
      key: invoiceId,
      at: invoice.paidAt.toISOString(),
      invoiceId,
      transactionId: payment ? toPublicId('txn', payment.id) : null,
      stripeInvoiceNumber: invoice.stripeInvoiceNumber,
    },
  ];
}
