import { findAttemptMessages, recordOutcomes } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { reportedResults, storeReports } from '@tollgate/shared/messages/delivery-reports.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
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
  db: Db,
  reports: readonly ProviderReport[],
  { now, source, reportSource }: ApplyContext,
): Promise<AppliedReports> {
  const messageOf = await findAttemptMessages(
    db,
    reports.map(({ attemptId }) => attemptId),
  );
  const known = reports.filter(({ attemptId }) => messageOf.has(attemptId));
  const messages = await lockMessages(db, [...new Set(messageOf.values())]);
  const tenantOf = new Map(messages.map(({ id, tenantId }) => [id, tenantId]));
  const stored = await storeReports(
    db,
    known.map((report) => {
      const messageId = messageOf.get(report.attemptId) as string;
      return { ...report, messageId, tenantId: tenantOf.get(messageId) as string, source };
    }),
    now,
  );
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
  const results = await reportedResults(db, [...tenantOf.keys()]);
  const steps = messages.flatMap((message) => {
    const own = fresh.filter(({ attemptId }) => messageOf.get(attemptId) === message.id);
    const all = results.get(message.id);
    return own.length > 0 && all
      ? [decideByReports(message, { results: all, fresh: own }, { now, reportSource })]
      : [];
  });
  await applyNextSteps(db, steps, now);
  return {
    applied: fresh.length,
    repeated: known.length - fresh.length,
    unknown: reports.length - known.length,
  };
}
