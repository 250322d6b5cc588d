import { PROVIDER_CREDIT } from '@tollgate/shared/messages/attempts.ts';
import type { ReportResult } from '@tollgate/shared/messages/delivery-reports.ts';
import { parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import type { ProviderReport } from '../sms-provider.ts';
import { storable } from '../storable.ts';

// Bounds keep one senseless event from spoiling the statement that stores its neighbours.
const LAST_SECOND = 4_102_444_800; // 2100-01-01

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

// Codes of result_info that the provider documents; others say nothing we could act on.
const failureCodes: Record<string, string> = {
  '302': 'invalid_recipient',
  '303': 'recipient_not_allowed',
  '304': 'recipient_blocked',
  '306': 'too_many_identical',
  '307': PROVIDER_CREDIT,
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
 * Reads a delivery report; null for an event that is not in the documented form. `attemptOfUrl` stands
 * in where it comes without the payload that we sent along.
 */
export function readReport(event: unknown, attemptOfUrl: string | null): ProviderReport | null {
  const parsed = OutgoingEvent.safeParse(event);
  if (!parsed.success) return null;
  const { message_id, timestamp, payload, result, result_info, sms } = parsed.data;
  const attemptId = payload?.attempt ?? attemptOfUrl;
  if (attemptId === null) return null;
  return {
    attemptId,
    result: results[result],
    failureCode: failureCodeOf(results[result], result_info),
    detail: result_info ?? null,
    occurredAt: new Date(timestamp * 1_000),
    providerMessageId: message_id ?? null,
    parts: sms?.count ?? null,
    costMicros: sms?.price_czk === undefined ? null : parseDecimalToMicros(sms.price_czk.toFixed(6)),
    costCurrency: sms?.price_czk === undefined ? null : 'CZK',
  };
}

function failureCodeOf(result: ReportResult, info: string | undefined): string | null {
  if (result === 'sending' || result === 'sent' || result === 'delivered') return null;
  const code = /^\[(\d+)\]/.exec(info ?? '')?.[1];
  return (code && failureCodes[code]) ?? `provider_${result}`;
}
