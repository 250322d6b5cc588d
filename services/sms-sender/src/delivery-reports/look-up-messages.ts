import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { UnsealError, unseal } from '@tollgate/shared/encryption/seal.ts';
import { type AttemptResult, recordOutcomes, UNRESOLVED } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { findLookUps, type LookUpTarget } from '@tollgate/shared/messages/look-ups.ts';
import { inTransaction, type Transaction } from '@tollgate/shared/runtime/transaction.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import { enqueueRetries } from '../next-step/enqueue-retries.ts';
import type { AttemptReference, LookUpResult, Providers } from '../providers/sms-provider.ts';
import type { SettleDeps } from '../send-messages/settle.ts';
import { applyReports } from './apply-reports.ts';
import { decideByLookUp, type LookUpStep } from './decide-by-look-up.ts';
import { decideCost, pricesLater, withCost } from './decide-cost.ts';
import { judgeAgain } from './judge-again.ts';

export type LookUpDeps = SettleDeps & { providers: Providers; dataKeys: DataKeys };

/** A target and what its provider answered. */
type Answered = { target: LookUpTarget; result: LookUpResult };

/** Asks the providers what became of messages that they were given, or may have been given. */
export async function lookUpMessages(deps: LookUpDeps, ids: readonly string[]): Promise<void> {
  const { prisma, clock, reportSource } = deps;
  const targets = await findLookUps(prisma, ids);
  if (targets.length === 0) return;
  const answers = await askProviders(deps, targets);
  await inTransaction(deps, async (tx) => {
    const now = clock.now();
    // Messages, then accounts, each in their order, before anything is written.
    const messages = await lockMessages(
      tx.db,
      targets.map(({ messageId }) => messageId),
    );
    await lockAccounts(tx.db, messages);
    const reports = answers.flatMap(({ target: { provider }, result }) =>
      result.kind === 'found' ? result.reports.map((report) => ({ ...report, provider })) : [],
    );
    await applyReports(tx, deps, reports, { now, source: 'look_up' });
    const decided = await decideSteps(tx, deps, now, answers);
    const unmoved = messages.filter(({ id }) => !decided.some(({ step }) => step.message.id === id));
    const steps = [
      ...decided.map(({ step }) => step),
      ...(await judgeAgain(tx.db, await lockMessages(tx.db, idsOf(unmoved)), { now, reportSource })),
    ];
    await recordOutcomes(tx.db, decided.flatMap(closedAttemptOf), now);
    await applyNextSteps(tx, steps, now);
    enqueueRetries(tx, steps, now);
  });
}

function idsOf(messages: readonly { id: string }[]): string[] {
  return messages.map(({ id }) => id);
}

/** Every target with the answer of the provider that it was handed over to, and of no other. */
async function askProviders(deps: LookUpDeps, targets: readonly LookUpTarget[]): Promise<Answered[]> {
  const asked = [...Map.groupBy(targets, ({ provider }) => provider)].map(async ([name, own]) => {
    const references = own.map((target) => toReference(deps.dataKeys, target));
    const results = await deps.providers.get(name)?.lookUp(references);
    return own.map((target, index): Answered => {
      const { attemptId } = target;
      const detail = `${name} is not configured`;
      return { target, result: results?.[index] ?? { kind: 'unavailable', attemptId, detail } };
    });
  });
  return (await Promise.all(asked)).flat();
}

function toReference(dataKeys: DataKeys, target: LookUpTarget): AttemptReference {
  const { attemptId, category, openedAt, providerMessageId, recipient, sender } = target;
  const openBody = () => {
    try {
      const key = dataKeys.open(target.tenantId, target.dataKeyWrapped);
      return unseal(key, target.bodyEncrypted, target.messageId).toString();
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  };
  return { attemptId, category, openedAt, providerMessageId, recipient, sender, openBody };
}

async function decideSteps(
  { db }: Transaction,
  { reportSource, random, providers }: LookUpDeps,
  now: Date,
  answers: readonly Answered[],
): Promise<DecidedStep[]> {
  const ids = answers.map(({ target }) => target.messageId);
  const messages = new Map((await lockMessages(db, ids)).map((message) => [message.id, message]));
  return answers.flatMap(({ target, result }) => {
    const message = messages.get(target.messageId);
    if (!message) return [];
    const decided =
      decideByLookUp(message, target, result, { now, random: random(), reportSource }) ??
      decideCost(message, target, result, { now, pricesLater: pricesLater(providers, target) });
    if (!decided) return [];
    const { attemptId } = target;
    return [{ ...decided, step: withCost(decided.step, result), attemptId }];
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
