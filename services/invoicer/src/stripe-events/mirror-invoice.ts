import type Stripe from 'stripe';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import type { OurPush } from './find-our-pushes.ts';

/**
 * Writes what Stripe's document says onto our rows: its number, where it can be read and paid, and the
 * tax that Stripe computed on our lines. Ours has no number of its own, so its tax may still follow.
 */
export async function mirrorInvoice(
  { stripe, prisma }: Pick<ApplyEventDeps, 'stripe' | 'prisma'>,
  invoice: Stripe.Invoice,
  pushes: readonly OurPush[],
): Promise<void> {
  if (invoice.status === 'draft') return;
  const taxOfItem = invoice.total_taxes?.length
    ? await readTaxes(stripe, invoice.id)
    : new Map<string, bigint>();
  for (const [invoiceId, own] of Map.groupBy(pushes, (push) => push.invoiceId)) {
    const vatMinor = own.reduce((sum, { stripeId }) => sum + (taxOfItem.get(stripeId) ?? 0n), 0n);
    const { totalMinor } = await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    await prisma.invoice.updateMany({
      where: { id: invoiceId, document: 'stripe', number: null, state: { not: 'void' } },
      data: {
        stripeInvoiceId: invoice.id,
        stripeInvoiceNumber: invoice.number,
        stripeInvoiceUrl: invoice.hosted_invoice_url ?? null,
        stripeInvoicePdf: invoice.invoice_pdf ?? null,
        vatMinor,
        grossMinor: totalMinor + vatMinor,
        ...(vatMinor > 0n && { vatTreatment: 'stripe' }),
      },
    });
  }
}

/** Tax on top of each invoice item's line, in minor units: taken from Stripe, never computed again. */
async function readTaxes(stripe: Stripe, stripeInvoiceId: string): Promise<Map<string, bigint>> {
  const taxes = new Map<string, bigint>();
  for await (const line of stripe.invoices.listLineItems(stripeInvoiceId, { limit: 100 })) {
    const item = line.parent?.invoice_item_details?.invoice_item;
    if (!item) continue;
    const onTop = (line.taxes ?? []).filter(({ tax_behavior }) => tax_behavior === 'exclusive');
    taxes.set(
      item,
      onTop.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    );
  }
  return taxes;
}
