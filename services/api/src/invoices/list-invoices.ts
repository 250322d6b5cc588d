import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { InvoiceView, invoiceParts, viewInvoice } from './invoice-view.ts';

const cursor = defineCursor('invoices', z.object({ issuedAt: z.iso.datetime().regex(/^2/), id: z.uuid() }));

export const InvoicesQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
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
      ...(after && {
        OR: [{ issuedAt: { lt: after.issuedAt } }, { issuedAt: after.issuedAt, id: { lt: after.id } }],
      }),
    },
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    include: invoiceParts,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    invoices: page.map(viewInvoice),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter && cursor.after({ issuedAt: continueAfter.issuedAt.toISOString(), id: continueAfter.id }),
  };
}
