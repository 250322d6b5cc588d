import type { InvoicePayment } from '@tollgate/shared/generated/prisma/client.ts';
import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import { utcDay } from '@tollgate/shared/time/local-time.ts';
import { z } from 'zod';
import { BillingRecordView } from '../billing-records/record-view.ts';

export const PaymentView = z
  .object({
    id: z.uuid(),
    amount: z.string().meta({ description: 'Negative for money that was taken back.', example: '1210.00' }),
    currency: z.string(),
    method: z.enum(['bank_transfer', 'cash', 'sippy', 'stripe', 'other']),
    reference: z.string(),
    receivedOn: z.iso.date(),
    recordedAt: z.iso.datetime(),
    recordedBy: z.string(),
  })
  .meta({ id: 'InvoicePayment' });

export const PaymentsView = z.object({ payments: z.array(PaymentView) }).meta({ id: 'InvoicePayments' });

export const RecordedPaymentView = z
  .object({ payment: PaymentView, invoice: BillingRecordView })
  .meta({ id: 'RecordedPayment', description: 'The payment, and what became of its invoice.' });

export function viewPayment(row: InvoicePayment, currency: string): z.infer<typeof PaymentView> {
  return {
    id: row.id,
    amount: formatMicros(minorUnitsToMicros(row.amountMinor, currency)),
    currency,
    method: row.method as z.infer<typeof PaymentView>['method'],
    reference: row.reference,
    receivedOn: utcDay(row.receivedOn),
    recordedAt: row.recordedAt.toISOString(),
    recordedBy: row.recordedBy,
  };
}
