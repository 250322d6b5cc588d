import {
  type AttemptOwner,
  type AttemptResult,
  findAttemptOwners,
  PROVIDER_CREDIT,
  readReportedAttempts,
  recordOutcomes,
} from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { type ReportResult, storeReports } from '@tollgate/shared/messages/delivery-reports.ts';
import { storeOptOuts } from '@tollgate/shared/opt-outs/opt-outs.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { type BlockDeps, blockSending } from '../provider-watch/block-sending.ts';
import { type ProviderReport, type Providers, RECIPIENT_OPTED_OUT } from '../providers/sms-provider.ts';
import { decideByReports } from './decide-by-reports.ts';
import { awaitCost } from './decide-cost.ts';
import type { ReportSource } from './poll-schedule.ts';

export type ApplyReportsDeps = BlockDeps & { reportSource: ReportSource; providers: Providers };

export type AppliedReports = { applied: number; repeated: number; unknown: number };

/** A report and the provider that it came from: it speaks of that provider's attempts only. */
export type ReceivedReport = ProviderReport & { provider: string };

type OwnReport = ReceivedReport & { messageId: string; tenantId: string; source: ReportOrigin };
type ReportOrigin = 'webhook' | 'look_up';

/**
 * Applies what the provider reported, each result of an attempt once: moves the messages and settles
 * their charges. A report also proves that its attempt was accepted, whatever the call had said, unless
 * it takes the acceptance back for want of credit: then sending stops and the message waits.
 */
export async function applyReports(
  tx: Transaction,
  deps: ApplyReportsDeps,
  reports: readonly ReceivedReport[],
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
  const byAttempt = Map.groupBy(fresh, ({ attemptId }) => attemptId);
  await recordOutcomes(db, [...byAttempt.values()].flatMap(toAttemptResult), now);
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
    const step = decideByReports(message, reported, { now, reportSource: deps.reportSource });
    return awaitCost(step, deps.providers, own.at(-1)?.provider, now);
  });
  await applyNextSteps(tx, steps, now);
  await suppressOptedOut(db, fresh, now);
  const unpaid = Map.groupBy(fresh.filter(lacksProviderCredit), ({ provider }) => provider);
  for (const [provider, [report]] of [...unpaid].toSorted(([a], [b]) => a.localeCompare(b))) {
    const reason = report?.detail ?? 'the provider wants credit';
    await blockSending(db, deps, { provider, reason }, now);
  }
  return {
    applied: fresh.length,
    repeated: known.length - fresh.length,
    unknown: reports.length - known.length,
  };
}

/** A provider that knows the recipient as opted out is told by the reports only. */
async function suppressOptedOut(db: Db, fresh: readonly OwnReport[], now: Date): Promise<void> {
  const ids = fresh
    .filter(({ failureCode }) => failureCode === RECIPIENT_OPTED_OUT)
    .map(({ messageId }) => messageId);
  if (ids.length === 0) return;
  const where = { id: { in: ids } };
  const messages = await db.message.findMany({ where, select: { tenantId: true, recipient: true } });
  await storeOptOuts(
    db,
    messages.map((message) => ({ ...message, source: 'reply' as const })),
    now,
  );
}

/** The provider's clock counts whole seconds, so its instants can seem to lie before the hand-over. */
function ownReport(
  report: ReceivedReport,
  owner: AttemptOwner | undefined,
  source: ReportOrigin,
): OwnReport[] {
  if (owner?.provider !== report.provider) return [];
  const { messageId, tenantId, openedAt } = owner;
  const occurredAt = report.occurredAt < openedAt ? openedAt : report.occurredAt;
  return [{ ...report, messageId, tenantId, occurredAt, source }];
}

/** What the reports of one attempt say of it together: that it was refused for want of credit, or else accepted. */
function toAttemptResult(reports: readonly OwnReport[]): AttemptResult[] {
  const [first] = reports;
  if (!first) return [];
  const wasSent = reports.some(({ result }) => SENT_RESULTS.has(result));
  const refusal = wasSent ? undefined : reports.find(lacksProviderCredit);
  return [
    {
      attemptId: first.attemptId,
      outcome: refusal ? 'provider_blocked' : 'accepted',
      failureCode: refusal?.failureCode ?? null,
      failureDetail: refusal?.detail ?? null,
      providerRequestId: null,
      providerMessageId: reports.find((report) => report.providerMessageId)?.providerMessageId ?? null,
    },
  ];
}

/** What only a message that was sent can be reported as. */
const SENT_RESULTS: ReadonlySet<ReportResult> = new Set(['sent', 'delivered', 'undelivered']);

/** Our account at the provider had no credit: the message is not at fault, and is wanted again as a new request. */
function lacksProviderCredit({ result, failureCode }: ProviderReport): boolean {
  return result === 'rejected' && failureCode === PROVIDER_CREDIT;
}
