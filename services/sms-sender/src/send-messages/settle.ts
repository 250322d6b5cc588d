import {
  type AttemptOutcome,
  type AttemptResult,
  recordOutcomes,
  UNROUTABLE,
} from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { keepReplyThreads } from '@tollgate/shared/messages/reply-threads.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import { storeOptOuts } from '@tollgate/shared/opt-outs/opt-outs.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { judgeAgain } from '../delivery-reports/judge-again.ts';
import type { ReportSource } from '../delivery-reports/poll-schedule.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import { enqueueRetries } from '../next-step/enqueue-retries.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { type BlockDeps, blockSending } from '../provider-watch/block-sending.ts';
import { type Providers, RECIPIENT_OPTED_OUT, type SubmissionOutcome } from '../providers/sms-provider.ts';
import type { Claim } from './claim-and-reserve.ts';
import { decideNextStep } from './decide-next-step.ts';

export type SettleDeps = TransactionDeps &
  BlockDeps & {
    clock: Clock;
    reportSource: ReportSource;
    providers: Providers;
    /** 0 ≤ random() < 1 */
    random: () => number;
  };

export type Settlement = {
  claim: Pick<Claim, 'attemptId' | 'provider'> & {
    message: Pick<Claim['message'], 'id' | 'tenantId' | 'recipient'>;
  };
  outcome: SubmissionOutcome;
};

/** Records what came of the hand-overs and takes each message's next step, in one transaction. */
export function settle(deps: SettleDeps, settlements: readonly Settlement[]): Promise<NextStep[]> {
  const { clock, reportSource, random } = deps;
  return inTransaction(deps, async (tx) => {
    const now = clock.now();
    const locked = await lockMessages(
      tx.db,
      settlements.map(({ claim }) => claim.message.id),
    );
    const messages = new Map(locked.map((message) => [message.id, message]));
    const stored = await recordOutcomes(
      tx.db,
      settlements.map(({ claim, outcome }) => toAttemptResult(claim.attemptId, outcome)),
      now,
    );
    const decided = settlements.flatMap(({ claim, outcome }) => {
      const message = messages.get(claim.message.id);
      // Reports that overtook the answer, of this attempt or another, have moved the message already.
      if (!message || !canMove(message.state, 'sent')) return [];
      if (!isNews(message, claim.attemptId, outcome, stored.get(claim.attemptId))) return [];
      return [decideNextStep(message, outcome, { now, random: random(), reportSource })];
    });
    const overtaken = settlements.flatMap(({ claim, outcome }) => {
      const message = messages.get(claim.message.id);
      const isOver = outcome.kind !== 'accepted' && outcome.kind !== 'unknown';
      return message && isOver && message.openAttemptId === claim.attemptId
        ? [{ ...message, openAttemptId: null }]
        : [];
    });
    const steps = [...decided, ...(await judgeAgain(tx.db, overtaken, { now, reportSource }))];
    await applyNextSteps(tx, steps, now);
    await rememberRecipients(tx.db, deps.providers, settlements, now);
    for (const [provider, reason] of blocksOf(settlements)) {
      await blockSending(tx.db, deps, { provider, reason }, now);
    }
    enqueueRetries(tx, steps, now);
    return steps;
  });
}

/** Keeps whom a reply would be for where it does not say so, and who was found to have opted out. */
async function rememberRecipients(
  db: Db,
  providers: Providers,
  settlements: readonly Settlement[],
  now: Date,
): Promise<void> {
  const written = settlements.filter(
    ({ claim, outcome }) =>
      providers.get(claim.provider)?.namesReplies === false &&
      (outcome.kind === 'accepted' || outcome.kind === 'unknown'),
  );
  await keepReplyThreads(
    db,
    written.map(({ claim: { attemptId, provider, message } }) => {
      const { tenantId, recipient } = message;
      return { provider, recipient, attemptId, tenantId };
    }),
    now,
  );
  const optedOut = settlements.filter(
    ({ outcome }) => outcome.kind === 'rejected' && outcome.code === RECIPIENT_OPTED_OUT,
  );
  await storeOptOuts(
    db,
    optedOut.map(({ claim: { message } }) => {
      const { tenantId, recipient } = message;
      return { tenantId, recipient, source: 'reply' as const };
    }),
    now,
  );
}

/** The providers whose account is at fault, each with a reason; in the order of their names, as locks are taken. */
function blocksOf(settlements: readonly Settlement[]): [string, string][] {
  const blocks = new Map(
    settlements.flatMap(({ claim, outcome }) =>
      outcome.kind === 'provider_blocked' ? [[claim.provider, outcome.detail] as const] : [],
    ),
  );
  return [...blocks].toSorted(([a], [b]) => a.localeCompare(b));
}

/**
 * Whether the answer decides the message's next step. Of an attempt that was given up meanwhile only an
 * acceptance does, and only while it stands: it ends the retries. Where another attempt was accepted
 * meanwhile, a refusal of this one says nothing about the message.
 */
function isNews(
  { state, openAttemptId, hasAcceptedAttempt }: NextStep['message'],
  attemptId: string,
  { kind }: SubmissionOutcome,
  stored: AttemptOutcome | undefined,
): boolean {
  if (openAttemptId === attemptId) return kind === 'accepted' || !hasAcceptedAttempt;
  const isAccepted = kind === 'accepted' && stored === 'accepted';
  return openAttemptId === null && isAccepted && canMove(state, 'submitted');
}

function toAttemptResult(attemptId: string, outcome: SubmissionOutcome): AttemptResult {
  const accepted = outcome.kind === 'accepted' ? outcome : null;
  return {
    attemptId,
    outcome: outcome.kind === 'unroutable' ? 'rejected' : outcome.kind,
    failureCode: failureCodeOf(outcome),
    failureDetail: 'detail' in outcome ? outcome.detail : null,
    providerRequestId: accepted?.providerRequestId ?? null,
    providerMessageId: accepted?.providerMessageId ?? null,
  };
}

/** A code marks every attempt that the provider refused: should it turn out as accepted after all, it was not our doing. */
function failureCodeOf(outcome: SubmissionOutcome): string | null {
  if (outcome.kind === 'unroutable') return UNROUTABLE;
  if ('code' in outcome) return outcome.code;
  return outcome.kind === 'throttled' || outcome.kind === 'provider_blocked' ? outcome.kind : null;
}
