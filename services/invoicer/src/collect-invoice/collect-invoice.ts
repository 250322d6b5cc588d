import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { collectByBankTransfer } from './bank-transfer/collect-by-bank-transfer.ts';
import type { CollectDeps } from './collect-deps.ts';
import { collectByMeter } from './meters/collect-by-meter.ts';
import { collectByStripe } from './stripe/collect-by-stripe.ts';
import { stopWaking } from './stripe/pushes.ts';
import { takeBack } from './stripe/take-back.ts';

export type { CollectDeps } from './collect-deps.ts';

/** Brings an invoice to whoever pays it, by the way that its period was opened with; again is harmless. */
export async function collectInvoice(deps: CollectDeps, invoiceId: string): Promise<void> {
  const invoice = await deps.prisma.invoice.findUnique({
    where: { id: invoiceId },
    select: { state: true, tenantId: true, period: { select: { collection: true } } },
  });
  if (!invoice) return;
  if (invoice.state === 'void') return takeBack(deps, invoiceId);
  const collection = invoice.period?.collection ?? 'none';
  switch (collection) {
    case 'subscription_item':
    case 'stripe_invoice':
      return collectByStripe(deps, invoiceId, collection);
    case 'stripe_meter':
      return collectByMeter(deps, invoiceId);
    case 'bank_transfer':
      return collectByBankTransfer(deps, invoiceId);
    case 'none':
      return stopWaking(deps.prisma, [invoiceId]);
    default:
      return refuseCollection(deps, { invoiceId, tenantId: invoice.tenantId, collection });
  }
}

/** What nobody here can collect waits for a person, and never silently. */
async function refuseCollection(
  { prisma, clock }: CollectDeps,
  { invoiceId, tenantId, collection }: { invoiceId: string; tenantId: string; collection: string },
): Promise<void> {
  await prisma.$transaction(async (db) => {
    const detail = `nothing collects by ${collection}: collect it by hand and mark it as paid`;
    await raiseOperatorAlert(
      db,
      { kind: 'collection_not_built', subject: invoiceId, tenantId, detail },
      clock.now(),
    );
    await stopWaking(db, [invoiceId]);
  });
}
