import { invoiceStates } from '@tollgate/shared/billing/invoice-states.ts';
import { collections } from '@tollgate/shared/billing/periods.ts';
import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { publicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { invoiceParts } from '../invoices/invoice-view.ts';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { readTimeRange, timeRangeParameters } from '../time-range/time-range.ts';
import { BillingRecordView, viewRecord } from './record-view.ts';

const timeline = defineTimeline('billing records', 'issuedAt');

export const BillingRecordsQuery = z.strictObject({
  tenant: publicId('tnt').optional(),
  state: z.enum(invoiceStates).optional(),
  kind: z.enum(['usage', 'credit_note', 'top_up']).optional(),
  document: z.enum(['statement', 'stripe', 'ours', 'section']).optional(),
  collection: z.enum(collections).optional(),
  ...timeRangeParameters,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});

export type BillingRecordsQuery = z.infer<typeof BillingRecordsQuery>;

export const BillingRecordsView = z
  .object({ records: z.array(BillingRecordView), ...pageEnd })
  .meta({ id: 'BillingRecords' });

/** Invoices of every tenant that fit the filters, newest first; days are those of UTC. */
export async function listRecords(
  db: Db,
  query: BillingRecordsQuery,
): Promise<z.infer<typeof BillingRecordsView>> {
  const { limit, cursor: after } = query;
  const rows = await db.invoice.findMany({
    where: {
      ...filterOf(query),
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
    include: invoiceParts,
  });
  const { page, end } = timeline.cut(rows, limit);
  const tenants = await db.tenant.findMany({
    where: { id: { in: page.map(({ tenantId }) => tenantId) } },
    select: { id: true, name: true },
  });
  const names = new Map(tenants.map(({ id, name }) => [id, name]));
  return {
    records: page.map((row) => viewRecord(row, names.get(row.tenantId) ?? '')),
    ...end,
  };
}

function filterOf({ tenant, state, kind, document, collection, ...span }: BillingRecordsQuery) {
  const { startsAt, endsAt } = readTimeRange(span, 'UTC');
  return {
    ...(tenant !== undefined && { tenantId: tenant }),
    ...(state !== undefined && { state }),
    ...(kind !== undefined && { kind }),
    ...(document !== undefined && { document }),
    ...(collection !== undefined && { period: { collection } }),
    issuedAt: { ...(startsAt && { gte: startsAt }), ...(endsAt && { lt: endsAt }) },
  } satisfies Prisma.InvoiceWhereInput;
}
