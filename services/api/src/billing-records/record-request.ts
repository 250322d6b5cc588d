import { publicId } from '@tollgate/shared/ids/ids.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const reason = storableText(500).meta({ example: 'Billed to the wrong company' });

export const VoidRequest = z.strictObject({ reason }).meta({ id: 'VoidRequest' });

export const CreditNoteRequest = z
  .strictObject({
    amount: DecimalMicros.refine((micros) => micros > 0n, { error: 'must be more than nothing' })
      .optional()
      .meta({ description: 'Before tax; all that is left of the invoice when left out.', example: '120.00' }),
    reason,
  })
  .meta({ id: 'CreditNoteRequest' });

const APPROVED_MAX = 100;

export const ApproveRequest = z
  .strictObject({ invoices: z.array(publicId('inv')).min(1).max(APPROVED_MAX) })
  .meta({ id: 'ApproveRequest' });

export const GenerateRequest = z
  .strictObject({
    tenant: publicId('tnt'),
    month: z
      .string()
      .regex(/^2\d{3}-(0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-03' })
      .meta({ description: 'Everything that ends by the end of this local month.', example: '2026-03' }),
    dryRun: z.boolean().default(false).meta({
      description: 'Only say what would be billed: nothing is written and nobody told.',
    }),
  })
  .meta({ id: 'GenerateInvoiceRequest' });

export const ProcessRequest = z
  .strictObject({
    tenants: z.array(publicId('tnt')).min(1).max(APPROVED_MAX).optional().meta({
      description: 'Only these; every tenant when left out.',
    }),
  })
  .meta({ id: 'ProcessBillingRequest' });
