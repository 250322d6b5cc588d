import { parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import type { LookUpResult, ProviderCost, ProviderReport } from '../sms-provider.ts';
import { storable } from '../storable.ts';
import { readStatus, Status } from './status.ts';

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

/** The Message resource, as far as it is used; counts and prices are strings. */
export const TwilioMessage = z.object({
  sid: z.string().min(1),
  status: Status,
  to: z.string(),
  from: z.string().nullish(),
  body: z.string(),
  direction: z.string(),
  date_created: instant,
  date_sent: instant.nullish(),
  date_updated: instant.nullish(),
  num_segments: z
    .string()
    .regex(/^\d{1,3}$/)
    .nullish()
    .catch(null),
  price: z
    .string()
    .regex(/^-?\d{1,6}(\.\d{1,6})?$/)
    .nullish()
    .catch(null),
  price_unit: z
    .string()
    .regex(/^[A-Za-z]{3}$/)
    .nullish()
    .catch(null),
  error_code: z.number().int().nullish().catch(null),
  error_message: storable.nullish().catch(null),
});

export type TwilioMessage = z.infer<typeof TwilioMessage>;

/** What a message's resource tells of its attempt: that it was taken, how it stands, and its cost once that is known. */
export function readMessage(message: TwilioMessage, attemptId: string): LookUpResult {
  const { sid, status, date_created, date_sent, date_updated } = message;
  const errorCode = message.error_code ?? null;
  const cost = costOf(message);
  const report: ProviderReport = {
    attemptId,
    ...readStatus(status, errorCode),
    detail: errorCode === null ? null : `${errorCode} ${message.error_message ?? ''}`.trim(),
    occurredAt: new Date(date_updated ?? date_created),
    providerMessageId: sid,
    parts: partsOf(message),
    costMicros: cost?.micros ?? null,
    costCurrency: cost?.currency ?? null,
  };
  // Callbacks get lost, so the resource also stands for the states before its own.
  const wasSent = report.result === 'delivered' || report.result === 'undelivered';
  const bare = { ...report, failureCode: null, detail: null };
  const sent: ProviderReport[] =
    wasSent && date_sent ? [{ ...bare, result: 'sent', occurredAt: new Date(date_sent) }] : [];
  return { kind: 'found', attemptId, reports: [...sent, report], ...(cost ? { cost } : {}) };
}

/** Twilio writes charges as negative amounts. */
function costOf(message: TwilioMessage): ProviderCost | undefined {
  const { price, price_unit } = message;
  if (!price || !price_unit) return undefined;
  const micros = parseDecimalToMicros(price.replace('-', ''));
  return { parts: partsOf(message), micros, currency: price_unit.toUpperCase() };
}

/** A Messaging Service counts nothing before it has chosen a sender. */
function partsOf({ num_segments }: TwilioMessage): number | null {
  return num_segments && num_segments !== '0' ? Number(num_segments) : null;
}
