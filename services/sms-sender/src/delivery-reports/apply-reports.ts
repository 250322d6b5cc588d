import {
  type AttemptOwner,
  type AttemptResult,
  findAttemptOwners,
  readReportedAttempts,
  recordOutcomes,
} from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { storeReports } from '@tollgate/shared/messages/delivery-reports.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { type BlockDeps, blockSending } from '../provider-watch/block-sending.ts';
import { PROVIDER_CREDIT, type ProviderReport } from '../providers/sms-provider.ts';
import { decideByReports } from './decide-by-reports.ts';
import type { ReportSource } from './poll-schedule.ts';

export type ApplyReportsDeps = BlockDeps & { reportSource: ReportSource };

export type AppliedReports = { applied: number; repeated: number; unknown: number };

type OwnReport = ProviderReport & { messageId: string; tenantId: string; source: ReportOrigin };
type ReportOrigin = 'webhook' | 'look_up';

/**
 * Applies what the provider reported, each result of an attempt once: moves the messages and settles
 * their charges. A report also proves that its attempt was accepted, whatever the call had said, unless
 * it takes the acceptance back for want of credit: then sending stops and the message waits.
 */
export async function applyReports(
  tx: Transaction,
  deps: ApplyReportsDeps,
  reports: readonly ProviderReport[],
  { now, source }: { now: Date; source: ReportOrigin },
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
  await recordOutcomes(db, fresh.map(toAttemptResult), now);
  const concerned = messages.filter(({ id }) => fresh.some(({ messageId }) => messageId === id));
  const attempts = Map.groupBy(
    await readReportedAttempts(
      db,
      concerned.map(({ id }) => id),
    ),
    ({ messageId }) => messageId,
  );
  const steps = concerned.map((message): NextStep => {
    const own = fresh.filter(({ messageId }) => messageId === message.id);
    const reported = { attempts: attempts.get(message.id) ?? [], fresh: own };
    return decideByReports(message, reported, { now, reportSource: deps.reportSource });
  });
  await applyNextSteps(tx, steps, now);
  const unpaid = fresh.find(lacksProviderCredit);
  if (unpaid) await blockSending(db, deps, unpaid.detail ?? 'the provider wants credit', now);
  return {
    applied: fresh.length,
    repeated: known.length - fresh.length,
    unknown: reports.length - known.length,
  };
}

/** The provider's clock counts whole seconds, so its instants can seem to lie before the hand-over. */
function ownReport(
  report: ProviderReport,
  owner: AttemptOwner | undefined,
  source: ReportOrigin,
): OwnReport[] {
  if (!owner) return [];
  const { messageId, tenantId, openedAt } = owner;
  const occurredAt = report.occurredAt < openedAt ? openedAt : report.occurredAt;
  return [{ ...report, messageId, tenantId, occurredAt, source }];
}

function toAttemptResult(report: ProviderReport): AttemptResult {
  const isRefused = lacksProviderCredit(report);
  return {
    attemptId: report.attemptId,
    outcome: isRefused ? 'provider_blocked' : 'accepted',
    failureCode: isRefused ? report.failureCode : null,
    failureDetail: isRefused ? report.detail : null,
    providerRequestId: null,
    providerMessageId: report.providerMessageId,
  };
}

/** Our account at the provider had no credit: the message is not at fault, and is wanted again as a new request. */
function lacksProviderCredit({ result, failureCode }: ProviderReport): boolean {
  return result === 'rejected' && failureCode === PROVIDER_CREDIT;
}
