import { parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import type { LookUpResult, ProviderReport } from '../sms-provider.ts';

const instant = z.iso.datetime({ offset: true }).nullish().catch(null);

const MessageStatus = z.object({
  message: z
    .object({
      status_code: z.string().nullish(),
      delivery_code: z.string().nullish(),
      status_info: z.string().nullish(),
      ts_sent: instant,
      ts_delivered: instant,
      ts_updated: instant,
    })
    .nullable(),
});

const MessageListing = z.object({
  messages: z.array(
    z.object({
      message_id: z.string(),
      message_parts: z.number().int().optional(),
      sent: z.coerce.number(),
      delivered: z.coerce.number(),
      nondelivered: z.coerce.number(),
      ts_sent: instant,
      ts_delivered: instant,
      ts_updated: instant,
      price_czk: z.string().optional(),
    }),
  ),
});

const bareReport = { failureCode: null, detail: null, parts: null, costMicros: null, costCurrency: null };

/**
 * Reads `GET /message?id=`. Only codes 200 (sent), 201 and 202 (delivered, seen) are documented;
 * any other says nothing yet. An unknown id is HTTP 200 with `message: null`.
 */
export function readStatus(
  body: unknown,
  attemptId: string,
  providerMessageId: string,
  now: Date,
): LookUpResult {
  const parsed = MessageStatus.safeParse(body);
  if (!parsed.success) return { kind: 'unavailable', attemptId, detail: 'status answer cannot be read' };
  const { message } = parsed.data;
  if (message === null) return { kind: 'absent', attemptId };
  const at = (text: string | null | undefined) => new Date(text ?? message.ts_updated ?? now);
  const reports: ProviderReport[] = [];
  if (message.status_code === '200') {
    reports.push({
      ...bareReport,
      attemptId,
      providerMessageId,
      result: 'sent',
      occurredAt: at(message.ts_sent),
    });
  }
  if (message.delivery_code === '201' || message.delivery_code === '202') {
    reports.push({
      ...bareReport,
      attemptId,
      providerMessageId,
      result: 'delivered',
      occurredAt: at(message.ts_delivered),
    });
  }
  return { kind: 'found', attemptId, reports };
}

/** Reads the day listing, filtered by the attempt's own tag: its one row, or none. */
export function readListing(body: unknown, attemptId: string, now: Date): LookUpResult {
  const parsed = MessageListing.safeParse(body);
  if (!parsed.success) return { kind: 'unavailable', attemptId, detail: 'listing cannot be read' };
  const [row] = parsed.data.messages;
  if (!row) return { kind: 'absent', attemptId };
  const at = (text: string | null | undefined) => new Date(text ?? row.ts_updated ?? now);
  const report = {
    ...bareReport,
    attemptId,
    providerMessageId: row.message_id,
    parts: row.message_parts ?? null,
    costMicros: row.price_czk === undefined ? null : parseDecimalToMicros(Number(row.price_czk).toFixed(6)),
    costCurrency: row.price_czk === undefined ? null : 'CZK',
  };
  const reports: ProviderReport[] = [{ ...report, result: 'sending', occurredAt: at(null) }];
  if (row.sent > 0) reports.push({ ...report, result: 'sent', occurredAt: at(row.ts_sent) });
  if (row.delivered > 0) reports.push({ ...report, result: 'delivered', occurredAt: at(row.ts_delivered) });
  if (row.nondelivered > 0) {
    // Rejected ones are listed so too: only what was sent can be undelivered, which counts as sent.
    const result = row.sent > 0 ? 'undelivered' : 'failed';
    reports.push({ ...report, result, failureCode: `provider_${result}`, occurredAt: at(null) });
  }
  return { kind: 'found', attemptId, reports };
}
