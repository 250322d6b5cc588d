import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { TransactionView } from '../transactions/transaction-view.ts';

const TaxDocumentView = z.object({
  id: z.string().meta({ example: 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
  number: z.string().meta({ example: 'TD2026000001' }),
  vat: z.string().meta({ description: 'Added to the amount; not credit.', example: '105.00' }),
  gross: z.string().meta({ description: 'What was paid.', example: '605.00' }),
});

export const BookedCreditView = TransactionView.extend({
  taxDocument: TaxDocumentView.nullable().meta({
    description: 'Of a purchase, where VAT is due when credit is bought.',
  }),
}).meta({ id: 'BookedCredit' });

/** The tax document of a purchase, by the reference of its entry; null where it has none. */
export async function readTaxDocument(
  db: Db,
  tenantId: string,
  reference: string | null,
): Promise<z.infer<typeof TaxDocumentView> | null> {
  if (reference === null) return null;
  const payment = await db.invoicePayment.findUnique({
    where: { tenantId_reference: { tenantId, reference } },
    select: { invoice: true },
  });
  const document = payment?.invoice;
  if (document?.kind !== 'top_up' || document.number === null) return null;
  const money = (minor: bigint) => formatMicros(minorUnitsToMicros(minor, document.currency));
  return {
    id: toPublicId('inv', document.id),
    number: document.number,
    vat: money(document.vatMinor),
    gross: money(document.grossMinor),
  };
}
