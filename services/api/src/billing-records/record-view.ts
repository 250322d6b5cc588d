import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { InvoiceView, type invoiceParts, viewInvoice } from '../invoices/invoice-view.ts';

const instant = z.iso.datetime().nullable();

/** An invoice as operators see it: whose it is, and who did what to it. */
export const BillingRecordView = InvoiceView.extend({
  tenant: z.object({ id: z.string(), name: z.string() }),
  collection: z.string().nullable().meta({ description: 'How it is collected; null where nothing is.' }),
  approvedAt: instant,
  approvedBy: z.string().nullable(),
  voidedAt: instant,
  voidedBy: z.string().nullable(),
  voidReason: z.string().nullable(),
}).meta({ id: 'BillingRecord' });

export type BillingRecordView = z.infer<typeof BillingRecordView>;

export type RecordRow = Prisma.InvoiceGetPayload<{ include: typeof invoiceParts }>;

/** A stored invoice for operators. */
export function viewRecord(row: RecordRow, tenantName: string): BillingRecordView {
  return {
    ...viewInvoice(row),
    tenant: { id: toPublicId('tnt', row.tenantId), name: tenantName },
    collection: row.period?.collection ?? null,
    approvedAt: row.approvedAt?.toISOString() ?? null,
    approvedBy: row.approvedBy,
    voidedAt: row.voidedAt?.toISOString() ?? null,
    voidedBy: row.voidedBy,
    voidReason: row.voidReason,
  };
}
