import type { ReportResult } from '@tollgate/shared/messages/delivery-reports.ts';
import { parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import type { ProviderReport } from '../sms-provider.ts';

// Bounds keep one senseless event from spoiling the statement that stores its neighbours.
const LAST_SECOND = 4_102_444_800; // 2100-01-01
const storable = z.string().transform((text) => text.replaceAll('\0', '').slice(0, 300));

const OutgoingEvent = z.object({
  type: z.literal('outgoing').default('outgoing'),
  message_id: storable.optional(),
  timestamp: z.number().min(0).max(LAST_SECOND),
  payload: z.object({ attempt: z.uuid().optional() }).optional().catch(undefined),
  result: z.enum(['sending', 'sent', 'delivered', 'seen', 'undelivered', 'rejected', 'failed']),
  result_info: storable.optional(),
  sms: z
    .object({
      price_czk: z.number().min(0).max(1_000_000).optional(),
      count: z.number().int().min(0).max(1_000).optional(),
    })
    .optional()
    .catch(undefined),
});

export type ReadEvents = {
  reports: ProviderReport[];
  /** Events that are not delivery reports, or not in the documented form. */
  ignored: number;
};

// Codes of result_info that the provider documents; others say nothing we could act on.
const failureCodes: Record<string, string> = {
  '302': 'invalid_recipient',
  '303': 'recipient_not_allowed',
  '304': 'recipient_blocked',
  '306': 'too_many_identical',
  '307': 'provider_credit',
};

const results: Record<z.infer<typeof OutgoingEvent>['result'], ReportResult> = {
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  seen: 'delivered',
  undelivered: 'undelivered',
  rejected: 'rejected',
  failed: 'failed',
};

/**
 * Reads a webhook's body: an array that may mix delivery reports with inbound messages. One event
 * that cannot be read does not spoil its neighbours. `attemptOfUrl` stands in where an event comes
 * without the payload that we sent along.
 */
export function readReports(body: unknown, attemptOfUrl: string | null): ReadEvents {
  const events = Array.isArray(body) ? body : [body];
  const reports = events.flatMap((event) => readReport(event, events.length === 1 ? attemptOfUrl : null));
  return { reports, ignored: events.length - reports.length };
}

function readReport(event: unknown, attemptOfUrl: string | null): ProviderReport[] {
  const parsed = OutgoingEvent.safeParse(event);
  if (!parsed.success) return [];
  const { message_id, timestamp, payload, result, result_info, sms } = parsed.data;
  const attemptId = payload?.attempt ?? attemptOfUrl;
  if (attemptId === null || attemptId === undefined) return [];
  return [
    {
      attemptId,
      result: results[result],
      failureCode: failureCodeOf(results[result], result_info),
      detail: result_info?.slice(0, 300) ?? null,
      occurredAt: new Date(timestamp * 1_000),
      providerMessageId: message_id ?? null,
      parts: sms?.count ?? null,
      costMicros: sms?.price_czk === undefined ? null : parseDecimalToMicros(sms.price_czk.toFixed(6)),
    },
  ];
}

function failureCodeOf(result: ReportResult, info: string | undefined): string | null {
  if (result === 'sending' || result === 'sent' || result === 'delivered') return null;
  const code = /^\[(\d+)\]/.exec(info ?? '')?.[1];
  return (code && failureCodes[code]) ?? `provider_${result}`;
}
