import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { HoldReason } from './message.ts';
import type { MessageState } from './states.ts';

/** A message's next step. What is left out stays as it is; `wakeAt` and `holdReason` are always written. */
export type MessageMove = {
  messageId: string;
  state: MessageState;
  /** When the sweeper looks again; null when nothing is left to do. */
  wakeAt: Date | null;
  holdReason?: HoldReason | null;
  notBefore?: Date;
  attemptCount?: number;
  failureCode?: string;
  lastFailure?: string;
  submittedAt?: Date;
  sentAt?: Date;
  deliveredAt?: Date;
  finishedAt?: Date;
  reportDeadline?: Date;
  providerParts?: number;
  providerCostMicros?: bigint;
  providerCostCurrency?: string;
};

/** Writes the moves in one statement; the caller holds the rows' locks. The database refuses a backward move. */
export async function moveMessages(db: Db, moves: readonly MessageMove[]): Promise<void> {
  if (moves.length === 0) return;
  await db.$executeRaw`
    UPDATE messages m
    SET state = x.state, wake_at = x."wakeAt", wake_count = 0, hold_reason = x."holdReason",
        not_before = coalesce(x."notBefore", m.not_before),
        attempt_count = coalesce(x."attemptCount", m.attempt_count),
        failure_code = coalesce(x."failureCode", m.failure_code),
        last_failure = coalesce(x."lastFailure", m.last_failure),
        submitted_at = coalesce(m.submitted_at, x."submittedAt"),
        sent_at = coalesce(m.sent_at, x."sentAt"),
        delivered_at = coalesce(m.delivered_at, x."deliveredAt"),
        finished_at = coalesce(m.finished_at, x."finishedAt"),
        report_deadline = coalesce(x."reportDeadline", m.report_deadline),
        provider_parts = coalesce(x."providerParts", m.provider_parts),
        provider_cost_micros = coalesce(x."providerCostMicros", m.provider_cost_micros),
        provider_cost_currency = coalesce(x."providerCostCurrency", m.provider_cost_currency)
    FROM jsonb_to_recordset(${jsonRows(moves)}::jsonb) AS x("messageId" uuid, state text,
      "wakeAt" timestamptz, "holdReason" text, "notBefore" timestamptz, "attemptCount" int,
      "failureCode" text, "lastFailure" text, "submittedAt" timestamptz, "sentAt" timestamptz,
      "deliveredAt" timestamptz, "finishedAt" timestamptz, "reportDeadline" timestamptz, "providerParts" int,
      "providerCostMicros" bigint, "providerCostCurrency" text)
    WHERE m.id = x."messageId"`;
}
