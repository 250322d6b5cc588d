import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { type AttemptResult, recordOutcomes } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { findLookUps, type LookUpTarget } from '@tollgate/shared/messages/look-ups.ts';
import { inTransaction, type Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { LookUpResult, SmsProvider } from '../providers/sms-provider.ts';
import { enqueueRetries, type SettleDeps } from '../send-messages/settle.ts';
import { applyReports } from './apply-reports.ts';
import { decideByLookUp, type LookUpStep } from './decide-by-look-up.ts';

export type LookUpDeps = SettleDeps & { provider: SmsProvider };

/** Asks the provider what became of messages that it was given, or may have been given. */
export async function lookUpMessages(deps: LookUpDeps, ids: readonly string[]): Promise<void> {
  const { prisma, provider, clock, reportSource } = deps;
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
    await applyReports(tx, reports, { now, source: 'look_up', reportSource });
    const decided = await decideSteps(tx, deps, now, targets, results);
    const steps = decided.map(({ step }) => step);
    await recordOutcomes(tx.db, decided.flatMap(refusalOf), now);
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
): Promise<LookUpStep[]> {
  const ids = targets.map(({ messageId }) => messageId);
  const messages = new Map((await lockMessages(db, ids)).map((message) => [message.id, message]));
  return targets.flatMap((target, index) => {
    const message = messages.get(target.messageId);
    const result = results[index];
    if (!message || !result) return [];
    const context = { now, random: random(), reportSource, blockedUntil: now };
    return decideByLookUp(message, target, result, context) ?? [];
  });
}

function refusalOf({ step, refusedAttemptId }: LookUpStep): AttemptResult[] {
  if (refusedAttemptId === null) return [];
  return [
    {
      attemptId: refusedAttemptId,
      outcome: 'unavailable',
      failureCode: null,
      failureDetail: step.move.lastFailure ?? null,
      providerRequestId: null,
      providerMessageId: null,
    },
  ];
}
