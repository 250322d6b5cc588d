import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { InvoiceView, invoiceParts, viewInvoice } from './invoice-view.ts';

const timeline = defineTimeline('invoices', 'issuedAt');

export const InvoicesQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});

export type InvoicesQuery = z.infer<typeof InvoicesQuery>;

export const InvoicesView = z.object({ invoices: z.array(InvoiceView), ...pageEnd }).meta({ id: 'Invoices' });

/** The tenant's invoices and statements, newest first. */
export async function listInvoices(
  db: Db,
  tenantId: string,
  { limit, cursor: after }: InvoicesQuery,
): Promise<z.infer<typeof InvoicesView>> {
  const rows = await db.invoice.findMany({
    where: {
      tenantId,
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
    include: invoiceParts,
  });
  const { page, end } = timeline.cut(rows, limit);
  return {
    invoices: page.map(viewInvoice),
    ...end,
  };
}
