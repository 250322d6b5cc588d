import { closePeriodIn } from '@tollgate/shared/billing/closing/close-period.ts';
import { type InvoicePreview, previewClose } from '@tollgate/shared/billing/closing/preview-close.ts';
import { findDuePeriods } from '@tollgate/shared/billing/periods.ts';
import type { Tenant } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { localMonthSpan } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';
import { invalidRequest } from '../problems/problem.ts';
import type { RecordDeps } from './change-records.ts';

const amount = z.string().meta({ example: '148.50' });

export const GeneratedView = z
  .object({
    dryRun: z.boolean(),
    invoices: z.array(
      z.object({
        id: z.string().nullable().meta({ description: 'Null in a dry run.' }),
        document: z.string(),
        currency: z.string(),
        usage: amount,
        charges: amount,
        owed: amount,
        total: amount.meta({ description: 'Before tax.' }),
        vat: amount,
        gross: amount,
        lines: z.array(z.object({ kind: z.string(), description: z.string(), quantity: z.string(), amount })),
      }),
    ),
  })
  .meta({ id: 'GeneratedInvoices' });

type Generation = { month: string; dryRun: boolean };

/** Bills everything of a tenant that ended by the end of a month, or says what that would come to. */
export async function generateInvoices(
  deps: RecordDeps,
  tenant: Tenant,
  { month, dryRun }: Generation,
): Promise<z.infer<typeof GeneratedView>> {
  const { endsAt } = localMonthSpan(month, tenant.timeZone);
  if (endsAt > deps.clock.now()) {
    const detail = `${month} is not over; usage of a running month is in /v1/billing/usage`;
    throw invalidRequest([{ pointer: '#/month', detail }]);
  }
  if (dryRun) {
    const previews = await previewClose(deps, { tenantId: tenant.id, month });
    return { dryRun, invoices: previews.map((preview) => view(preview, null)) };
  }
  const made = await deps.prisma.invoice.findMany({
    where: { id: { in: await closeUntil(deps, tenant.id, endsAt) } },
    include: { lines: { orderBy: { position: 'asc' } } },
    orderBy: { id: 'asc' },
  });
  return { dryRun, invoices: made.map((invoice) => view(invoice, toPublicId('inv', invoice.id))) };
}

/** Each close opens the next period, which may have ended as well. Returns the ids of the invoices made. */
async function closeUntil(deps: RecordDeps, tenantId: string, dueBy: Date): Promise<string[]> {
  const made: string[] = [];
  for (;;) {
    const [periodId] = await findDuePeriods(deps.prisma, { dueBy, tenantId, limit: 1 });
    if (periodId === undefined) return made;
    const { outcome, invoiceId } = await inTransaction(deps, (tx) =>
      closePeriodIn(tx, periodId, { cause: { kind: 'schedule' }, now: deps.clock.now() }),
    );
    if (outcome === 'not_due') return made;
    if (invoiceId !== null) made.push(invoiceId);
  }
}

function view(invoice: InvoicePreview, id: string | null) {
  const minor = (amountMinor: bigint) => formatMicros(minorUnitsToMicros(amountMinor, invoice.currency));
  return {
    id,
    document: invoice.document,
    currency: invoice.currency,
    usage: formatMicros(invoice.usageMicros),
    charges: formatMicros(invoice.chargesMicros),
    owed: formatMicros(invoice.settlesMicros),
    total: minor(invoice.totalMinor),
    vat: minor(invoice.vatMinor),
    gross: minor(invoice.grossMinor),
    lines: invoice.lines.map(({ kind, description, quantity, amountMicros }) => ({
      kind,
      description,
      quantity: quantity.toString(),
      amount: formatMicros(amountMicros),
    })),
  };
}
