import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { canMove, isTerminal, type MessageState } from '@tollgate/shared/messages/states.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { ProviderReport } from '../providers/sms-provider.ts';
import { waitForProvider } from '../send-messages/decide-next-step.ts';
import { isChargeDue, type JudgedAttempt, judgeAttempts, type Standing } from './judge-attempts.ts';
import { nextPollAt, REPORT_DEADLINE_MS, type ReportSource } from './poll-schedule.ts';

export type KnownReports = {
  /** Every attempt of the message with every result ever reported of it, the new ones included. */
  attempts: readonly JudgedAttempt[];
  /** The reports that were new this time, in order of arrival. */
  fresh: readonly ProviderReport[];
};

const stateOf: Record<Exclude<Standing, 'open' | 'not_taken'>, MessageState> = {
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
  { attempts, fresh }: KnownReports,
  { now, reportSource }: { now: Date; reportSource: ReportSource },
): NextStep {
  const standing = judgeAttempts(attempts);
  if (standing === 'not_taken' && !isTerminal(message.state)) {
    return waitForProvider(message, fresh.at(-1)?.detail ?? 'the provider did not take it');
  }
  const state = stateAfter(message, standing);
  const submittedAt = fresh[0]?.occurredAt ?? now;
  const isAwaited = standing !== 'open' && !isTerminal(state);
  return {
    message,
    move: {
      state,
      ...factsOf(fresh, state, now),
      // A report may overtake the provider's answer; what is known already stays.
      ...(standing === 'open' ? {} : { submittedAt }),
      ...(isAwaited && message.reportDeadline === null
        ? { reportDeadline: new Date(now.getTime() + REPORT_DEADLINE_MS) }
        : {}),
      wakeAt: nextLookAt(standing, state, nextPollAt(reportSource, submittedAt, now), now),
    },
    credit: decideCredit(message, attempts, standing, state),
  };
}

function stateAfter({ state }: LockedMessage, standing: Standing): MessageState {
  if (standing === 'open' || standing === 'not_taken') return state;
  const target = stateOf[standing];
  return canMove(state, target) ? target : state;
}

/** Another attempt is in flight: its own lease brings the sweeper back. */
function nextLookAt(standing: Standing, state: MessageState, pollAt: Date, now: Date): Date | null {
  if (isTerminal(state)) return null;
  return standing === 'open' ? new Date(now.getTime() + MINUTE_MS) : pollAt;
}

/** What the new reports tell of times, reasons and cost. */
function factsOf(
  fresh: readonly ProviderReport[],
  state: MessageState,
  now: Date,
): Partial<NextStep['move']> {
  const last = fresh.findLast(({ result }) => stateOf[result] === state) ?? fresh.at(-1);
  const occurred = (result: ProviderReport['result']) =>
    fresh.find((report) => report.result === result)?.occurredAt;
  const parts = fresh.findLast((report) => report.parts !== null)?.parts;
  const priced = fresh.findLast((report) => report.costMicros !== null);
  return {
    ...optional('sentAt', occurred('sent')),
    ...optional('deliveredAt', occurred('delivered')),
    ...optional('finishedAt', isTerminal(state) ? (last?.occurredAt ?? now) : null),
    ...optional('failureCode', last?.failureCode),
    ...optional('lastFailure', last?.failureCode ? last.detail : null),
    ...optional('providerParts', parts),
    ...optional('providerCostMicros', priced?.costMicros),
    ...optional('providerCostCurrency', priced?.costCurrency),
  };
}

function decideCredit(
  message: LockedMessage,
  attempts: readonly JudgedAttempt[],
  standing: Standing,
  state: MessageState,
): NextStep['credit'] {
  const isDue = attempts.some((attempt) => isChargeDue(message.chargeOn, attempt));
  const isCaptured = message.reservation === 'captured';
  // A message that ended as rejected is charged only if it was delivered, whoever rejected it.
  if (isDue && (state !== 'rejected' || standing === 'delivered')) {
    // An ended message may have been given its price back; the ledger knows, and books what is missing.
    return isCaptured && !isTerminal(message.state) ? 'none' : 'capture';
  }
  // Not taken, and ended already: its acceptance was taken back after it had been given up.
  const wasRefused = standing === 'rejected' || standing === 'not_taken';
  // The reservation of an ended message does not tell of a late charge; the ledger does.
  if (wasRefused && (isCaptured || isTerminal(message.state))) return 'refund';
  if (isCaptured) return 'none';
  return isTerminal(state) ? 'release' : 'none';
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { [K in Key]?: Value } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
