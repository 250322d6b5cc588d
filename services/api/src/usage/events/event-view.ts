import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import { z } from 'zod';

export const UsageEventView = z
  .object({
    id: z.string().meta({ example: 'use_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    meter: z.string(),
    key: z.string().meta({ description: 'The caller’s own, or ours of what the gateway recorded.' }),
    corrects: z.string().nullable().meta({ description: 'The key of the event that it corrects.' }),
    messageId: z.string().nullable().meta({ description: 'Of sms_sent: the message.' }),
    quantity: z.string().meta({ example: '1' }),
    currency: z.string(),
    unitPrice: z.string().meta({ example: '0.40' }),
    amount: z.string().meta({
      description: 'Of a level (max, last) 0.00: its day costs something, not each reading.',
    }),
    country: z.string().nullable(),
    user: z.string().nullable(),
    resource: z.string().nullable(),
    campaign: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).nullable(),
    occurredAt: z.iso.datetime(),
    recordedAt: z.iso.datetime(),
  })
  .meta({ id: 'UsageEvent' });

export type UsageEventView = z.infer<typeof UsageEventView>;

export type FoundEvent = {
  id: string;
  meter: string;
  sourceId: string;
  correctsSourceId: string | null;
  quantity: bigint;
  currency: string;
  unitPriceMicros: bigint;
  amountMicros: bigint;
  country: string;
  campaign: string | null;
  userId: string | null;
  resource: string | null;
  metadata: Record<string, string> | null;
  occurredAt: Date;
  recordedAt: Date;
};

/** An event as its tenant sees it. */
export function viewEvent(row: FoundEvent): UsageEventView {
  return {
    id: toPublicId('use', row.id),
    meter: row.meter,
    key: row.sourceId,
    corrects: row.correctsSourceId,
    messageId: readMessageId(row),
    quantity: row.quantity.toString(),
    currency: row.currency,
    unitPrice: formatMicros(row.unitPriceMicros),
    amount: formatMicros(row.amountMicros),
    country: row.country || null,
    user: row.userId,
    resource: row.resource,
    campaign: row.campaign,
    metadata: row.metadata,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
  };
}

/** A message's usage and its corrections begin with its id: see message-usage.ts. */
function readMessageId({ meter, sourceId }: FoundEvent): string | null {
  const id = meter === SMS_METER ? /^[0-9a-f-]{36}(?= |$)/.exec(sourceId)?.[0] : undefined;
  return id === undefined ? null : toPublicId('msg', id);
}
