import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { invoiceParts } from '../invoices/invoice-view.ts';
import { Problem } from '../problems/problem.ts';
import { type BillingRecordView, viewRecord } from './record-view.ts';

/** The UUID behind a public invoice id. Throws a Problem where there is no such invoice. */
export async function requireInvoice(db: Db, publicId: string): Promise<string> {
  const id = fromPublicId('inv', publicId);
  const row = id && (await db.invoice.findUnique({ where: { id }, select: { id: true } }));
  if (!row) throw new Problem('not_found', `there is no invoice ${publicId}`);
  return row.id;
}

/** An invoice that is there, as operators see it. */
export async function readRecord(db: Db, id: string): Promise<BillingRecordView> {
  const row = await db.invoice.findUniqueOrThrow({ where: { id }, include: invoiceParts });
  const { name } = await db.tenant.findUniqueOrThrow({ where: { id: row.tenantId }, select: { name: true } });
  return viewRecord(row, name);
}
