import { type AttemptOwner, findAttemptOwners, recordOutcomes } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { reportedResults, storeReports } from '@tollgate/shared/messages/delivery-reports.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { ProviderReport } from '../providers/sms-provider.ts';
import { decideByReports } from './decide-by-reports.ts';
import type { ReportSource } from './poll-schedule.ts';

export type ApplyContext = { now: Date; source: 'webhook' | 'look_up'; reportSource: ReportSource };

export type AppliedReports = { applied: number; repeated: number; unknown: number };

/**
 * Applies what the provider reported, each result of an attempt once: moves the messages and settles
 * their charges. A report also proves that its attempt was accepted, whatever the call had said.
 */
export async function applyReports(
  tx: Transaction,
  reports: readonly ProviderReport[],
  { now, source, reportSource }: ApplyContext,
): Promise<AppliedReports> {
  const { db } = tx;
  const owners = await findAttemptOwners(
    db,
    reports.map(({ attemptId }) => attemptId),
  );
  const known = reports.flatMap((report) => ownReport(report, owners.get(report.attemptId), source));
  const messages = await lockMessages(db, [...new Set(known.map(({ messageId }) => messageId))]);
  const stored = await storeReports(db, known, now);
  const fresh = known.filter(({ attemptId, result }) => stored.delete(`${attemptId} ${result}`));
  await recordOutcomes(
    db,
    fresh.map(({ attemptId, providerMessageId }) => ({
      attemptId,
      outcome: 'accepted' as const,
      failureCode: null,
      failureDetail: null,
      providerRequestId: null,
      providerMessageId,
    })),
    now,
  );
  const results = await reportedResults(
    db,
    messages.map(({ id }) => id),
  );
  const steps = messages.flatMap((message) => {
    const own = fresh.filter(({ messageId }) => messageId === message.id);
    const all = results.get(message.id);
    return own.length > 0 && all
      ? [decideByReports(message, { results: all, fresh: own }, { now, reportSource })]
      : [];
  });
  await applyNextSteps(tx, steps, now);
  return {
    applied: fresh.length,
    repeated: known.length - fresh.length,
    unknown: reports.length - known.length,
  };
}

/** The provider's clock counts whole seconds, so its instants can seem to lie before the hand-over. */
function ownReport(report: ProviderReport, owner: AttemptOwner | undefined, source: ApplyContext['source']) {
  if (!owner) return [];
  const { messageId, tenantId, openedAt } = owner;
  const occurredAt = report.occurredAt < openedAt ? openedAt : report.occurredAt;
  return [{ ...report, messageId, tenantId, occurredAt, source }];
}
