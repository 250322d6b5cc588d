import type { Db } from '../../runtime/database.ts';
import type { InvoiceLine } from '../invoices.ts';
import type { WaitingSection } from './compose-bill.ts';

/** Locks the records of other tenants that wait for the payer's invoice, the oldest first. */
export async function lockWaitingSections(
  db: Db,
  { payerTenantId, currency }: { payerTenantId: string; currency: string },
): Promise<WaitingSection[]> {
  const locked = await db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM invoices i JOIN billing_periods p ON p.id = i.period_id
    WHERE i.document = 'section' AND i.state = 'issued' AND i.payer_invoice_id IS NULL
      AND p.payer_tenant_id = ${payerTenantId}::uuid AND i.currency = ${currency}
    ORDER BY i.id
    FOR UPDATE OF i`;
  if (locked.length === 0) return [];
  const ids = locked.map(({ id }) => id);
  const rows = await db.invoice.findMany({
    where: { id: { in: ids } },
    orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, tenantId: true, settlesMicros: true, chargesMicros: true },
  });
  const lines = await db.invoiceLine.findMany({
    where: { invoiceId: { in: ids } },
    orderBy: [{ invoiceId: 'asc' }, { position: 'asc' }],
  });
  const tenants = await db.tenant.findMany({
    where: { id: { in: rows.map(({ tenantId }) => tenantId) } },
    select: { id: true, name: true },
  });
  const names = new Map(tenants.map(({ id, name }) => [id, name]));
  return rows.map(({ tenantId, ...row }) => ({
    ...row,
    tenantName: names.get(tenantId) ?? '',
    lines: lines
      .filter(({ invoiceId }) => invoiceId === row.id)
      .map(
        ({ invoiceId: _invoice, position: _position, sectionInvoiceId: _section, ...line }): InvoiceLine => ({
          ...line,
          kind: line.kind as InvoiceLine['kind'],
        }),
      ),
  }));
}
