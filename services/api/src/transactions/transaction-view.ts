import { type EntryKind, paymentMethods } from '@tollgate/shared/credit/ledger.ts';
import type { LedgerEntry, Message } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';

export const entryTypes = [
  'purchase',
  'sms_send',
  'refund',
  'refund_reversal',
  'purchase_refund',
  'adjustment',
  'bonus',
  'invoice_payment',
  'dispute',
] as const satisfies readonly EntryKind[];

const amount = z.string().meta({ example: '-1.50' });

export const TransactionView = z
  .object({
    id: z.string().meta({ example: 'txn_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    type: z.enum(entryTypes),
    amount: amount.meta({ description: 'Positive gives credit, negative takes it.' }),
    currency: z.string(),
    balanceBefore: amount,
    balanceAfter: amount,
    messageId: z.string().nullable(),
    smsCount: z.number().int().nullable().meta({
      description: 'Of a charge: the priced parts, so that smsCount × costPerSms is what was taken.',
    }),
    costPerSms: z.string().nullable(),
    campaign: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable().meta({ description: 'Of the message.' }),
    paymentMethod: z.enum(paymentMethods).nullable().meta({
      description: 'How the money of a purchase, a payment or its return came or went.',
    }),
    description: z.string().nullable(),
    reference: z.string().nullable(),
    createdBy: z.string(),
    occurredAt: z.iso.datetime(),
  })
  .meta({ id: 'Transaction' });

export type TransactionView = z.infer<typeof TransactionView>;

/** What a transaction shows of its message. */
export type PricedMessage = Pick<
  Message,
  'id' | 'segments' | 'unitPriceMicros' | 'pricedPer' | 'campaign' | 'metadata'
>;

/** A ledger entry as its tenant sees it; `reference` is already the public one. */
export function viewTransaction(
  entry: LedgerEntry,
  message: PricedMessage | undefined,
  reference: string | null,
): TransactionView {
  const charged = entry.kind === 'sms_send' || entry.kind === 'refund_reversal' ? message : undefined;
  return {
    id: toPublicId('txn', entry.id),
    type: entry.kind as EntryKind,
    amount: formatMicros(entry.amountMicros),
    currency: entry.currency,
    balanceBefore: formatMicros(entry.balanceBeforeMicros),
    balanceAfter: formatMicros(entry.balanceAfterMicros),
    messageId: entry.messageId && toPublicId('msg', entry.messageId),
    smsCount: charged ? (charged.pricedPer === 'segment' ? charged.segments : 1) : null,
    costPerSms: charged ? formatMicros(charged.unitPriceMicros) : null,
    campaign: message?.campaign ?? null,
    metadata: (message?.metadata ?? null) as TransactionView['metadata'],
    paymentMethod: entry.paymentMethod as TransactionView['paymentMethod'],
    description: entry.description,
    reference,
    createdBy: entry.createdBy,
    occurredAt: entry.occurredAt.toISOString(),
  };
}
