import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

export const reportResults = ['sending', 'sent', 'delivered', 'undelivered', 'rejected', 'failed'] as const;
export type ReportResult = (typeof reportResults)[number];

/** What the provider says of an attempt, from its webhook or its look-up. */
export type DeliveryReport = {
  attemptId: string;
  messageId: string;
  tenantId: string;
  result: ReportResult;
  detail: string | null;
  source: 'webhook' | 'look_up';
  occurredAt: Date;
};

/** Stores reports once per attempt and result; returns `attemptId result` of those that were new. */
export async function storeReports(
  db: Db,
  reports: readonly DeliveryReport[],
  at: Date,
): Promise<Set<string>> {
  if (reports.length === 0) return new Set();
  const rows = await db.$queryRaw<{ attemptId: string; result: string }[]>`
    INSERT INTO delivery_reports (id, attempt_id, message_id, tenant_id, result, detail, source, occurred_at, recorded_at)
    SELECT id, "attemptId", "messageId", "tenantId", result, detail, source, "occurredAt", ${at}
    FROM jsonb_to_recordset(${jsonRows(reports.map((report) => ({ id: newId(), ...report })))}::jsonb) AS r(
      id uuid, "attemptId" uuid, "messageId" uuid, "tenantId" uuid, result text, detail text, source text,
      "occurredAt" timestamptz)
    ON CONFLICT (attempt_id, result) DO NOTHING
    RETURNING attempt_id AS "attemptId", result`;
  return new Set(rows.map(({ attemptId, result }) => `${attemptId} ${result}`));
}
