import type { ReportResult } from '@tollgate/shared/messages/delivery-reports.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { canMove, isTerminal, type MessageState } from '@tollgate/shared/messages/states.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { ProviderReport } from '../providers/sms-provider.ts';
import { nextPollAt, REPORT_DEADLINE_MS, type ReportSource } from './poll-schedule.ts';

export type KnownReports = {
  /** Every result ever reported of the message, the new ones included. */
  results: ReadonlySet<ReportResult>;
  /** The reports that were new this time, in order of arrival. */
  fresh: readonly ProviderReport[];
};

// Strongest first: whatever order reports arrive in, the same set gives the same end.
const strongestFirst = ['delivered', 'rejected', 'failed', 'undelivered', 'sent', 'sending'] as const;

const stateOf: Record<ReportResult, MessageState> = {
  sending: 'submitted',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'undelivered',
  rejected: 'rejected',
  failed: 'failed',
};

/**
 * What the reports known so far mean for a message. Decided from their set, not their order, so that
 * doubled and reordered reports come to the same state and the same charge.
 */
export function decideByReports(
  message: LockedMessage,
  { results, fresh }: KnownReports,
  { now, reportSource }: { now: Date; reportSource: ReportSource },
): NextStep {
  const strongest = strongestFirst.find((result) => results.has(result)) ?? 'sending';
  const target = stateOf[strongest];
  const state = canMove(message.state, target) ? target : message.state;
  const last = fresh.findLast(({ result }) => result === strongest) ?? fresh.at(-1);
  const submittedAt = fresh[0]?.occurredAt ?? now;
  const parts = fresh.findLast((report) => report.parts !== null)?.parts;
  const cost = fresh.findLast((report) => report.costMicros !== null)?.costMicros;
  const occurred = (result: ReportResult) => fresh.find((report) => report.result === result)?.occurredAt;
  return {
    message,
    move: {
      state,
      submittedAt,
      reportDeadline: new Date(now.getTime() + REPORT_DEADLINE_MS),
      wakeAt: isTerminal(state) ? null : nextPollAt(reportSource, submittedAt, now),
      ...optional('sentAt', occurred('sent')),
      ...optional('deliveredAt', occurred('delivered')),
      ...optional('finishedAt', isTerminal(state) ? (last?.occurredAt ?? now) : undefined),
      ...optional('failureCode', last?.failureCode),
      ...optional('lastFailure', last?.failureCode ? last.detail : undefined),
      ...optional('providerParts', parts),
      ...optional('providerCostMicros', cost),
      ...optional('providerCostCurrency', cost === undefined || cost === null ? undefined : 'CZK'),
    },
    credit: decideCredit(message, results, state),
  };
}

/** What the tenant's `charge_on` names has happened: for a sent charge, `undelivered` implies sent. */
function isDue(message: LockedMessage, results: ReadonlySet<ReportResult>, state: MessageState): boolean {
  if (results.has('delivered')) return true;
  // A message that ended as rejected is never charged, whoever rejected it.
  if (state === 'rejected' || results.has('rejected') || message.chargeOn === 'delivered') return false;
  if (message.chargeOn === 'accepted') return results.size > 0;
  return results.has('sent') || results.has('undelivered');
}

function decideCredit(
  message: LockedMessage,
  results: ReadonlySet<ReportResult>,
  state: MessageState,
): NextStep['credit'] {
  const captured = message.reservation === 'captured';
  if (isDue(message, results, state)) return captured ? 'none' : 'capture';
  if (captured) return results.has('rejected') ? 'refund' : 'none';
  return isTerminal(state) ? 'release' : 'none';
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { [K in Key]?: Value } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
