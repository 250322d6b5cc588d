import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { type AttemptResult, recordOutcomes, UNRESOLVED } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { findLookUps, type LookUpTarget } from '@tollgate/shared/messages/look-ups.ts';
import { inTransaction, type Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import { enqueueRetries } from '../next-step/enqueue-retries.ts';
import type { LookUpResult, SmsProvider } from '../providers/sms-provider.ts';
import type { SettleDeps } from '../send-messages/settle.ts';
import { applyReports } from './apply-reports.ts';
import { decideByLookUp, type LookUpStep } from './decide-by-look-up.ts';

export type LookUpDeps = SettleDeps & { provider: SmsProvider };

/** Asks the provider what became of messages that it was given, or may have been given. */
export async function lookUpMessages(deps: LookUpDeps, ids: readonly string[]): Promise<void> {
  const { prisma, provider, clock } = deps;
  const targets = await findLookUps(prisma, ids);
  if (targets.length === 0) return;
  const results = await provider.lookUp(targets);
  await inTransaction(deps, async (tx) => {
    const now = clock.now();
    // Messages, then accounts, each in their order, before anything is written.
    const messages = await lockMessages(
      tx.db,
      targets.map(({ messageId }) => messageId),
    );
    await lockAccounts(tx.db, messages);
    const reports = results.flatMap((result) => (result.kind === 'found' ? result.reports : []));
    await applyReports(tx, deps, reports, { now, source: 'look_up' });
    const decided = await decideSteps(tx, deps, now, targets, results);
    const steps = decided.map(({ step }) => step);
    await recordOutcomes(tx.db, decided.flatMap(closedAttemptOf), now);
    await applyNextSteps(tx, steps, now);
    enqueueRetries(tx, steps, now);
  });
}

async function decideSteps(
  { db }: Transaction,
  { reportSource, random }: LookUpDeps,
  now: Date,
  targets: readonly LookUpTarget[],
  results: readonly LookUpResult[],
): Promise<DecidedStep[]> {
  const ids = targets.map(({ messageId }) => messageId);
  const messages = new Map((await lockMessages(db, ids)).map((message) => [message.id, message]));
  return targets.flatMap((target, index) => {
    const message = messages.get(target.messageId);
    const result = results[index];
    if (!message || !result) return [];
    const decided = decideByLookUp(message, target, result, { now, random: random(), reportSource });
    return decided ? [{ ...decided, attemptId: target.attemptId }] : [];
  });
}

type DecidedStep = LookUpStep & { attemptId: string };

function closedAttemptOf({ step, closedAs, attemptId }: DecidedStep): AttemptResult[] {
  if (closedAs === null) return [];
  return [
    {
      attemptId,
      outcome: closedAs === UNRESOLVED ? 'unknown' : 'unavailable',
      failureCode: closedAs,
      failureDetail: step.move.lastFailure ?? null,
      providerRequestId: null,
      providerMessageId: null,
    },
  ];
}
