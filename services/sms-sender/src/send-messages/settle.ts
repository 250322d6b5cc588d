import { recordOutcomes } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { ReportSource } from '../delivery-reports/poll-schedule.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import { enqueueRetries } from '../next-step/enqueue-retries.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { type BlockDeps, blockSending } from '../provider-watch/block-sending.ts';
import type { SubmissionOutcome } from '../providers/sms-provider.ts';
import type { Claim } from './claim-and-reserve.ts';
import { decideNextStep } from './decide-next-step.ts';

export type SettleDeps = TransactionDeps &
  BlockDeps & {
    clock: Clock;
    reportSource: ReportSource;
    /** 0 ≤ random() < 1 */
    random: () => number;
  };

export type Settlement = {
  claim: Pick<Claim, 'attemptId'> & { message: { id: string } };
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
    await recordOutcomes(
      tx.db,
      settlements.map(({ claim, outcome }) => toAttemptResult(claim.attemptId, outcome)),
      now,
    );
    const steps = settlements.flatMap(({ claim, outcome }) => {
      const message = messages.get(claim.message.id);
      // Reports that overtook the answer, of this attempt or another, have moved the message already.
      if (!message || !canMove(message.state, 'sent')) return [];
      if (!isNews(message, claim.attemptId, outcome)) return [];
      return [decideNextStep(message, outcome, { now, random: random(), reportSource })];
    });
    await applyNextSteps(tx, steps, now);
    const block = settlements.find(({ outcome }) => outcome.kind === 'provider_blocked')?.outcome;
    if (block?.kind === 'provider_blocked') await blockSending(tx.db, deps, block.detail, now);
    enqueueRetries(tx, steps, now);
    return steps;
  });
}

/** Only an acceptance still counts for an attempt that was given up meanwhile: it ends the retries. */
function isNews(
  { state, openAttemptId }: NextStep['message'],
  attemptId: string,
  { kind }: SubmissionOutcome,
): boolean {
  if (openAttemptId === attemptId) return true;
  return openAttemptId === null && kind === 'accepted' && canMove(state, 'submitted');
}

function toAttemptResult(attemptId: string, outcome: SubmissionOutcome) {
  const accepted = outcome.kind === 'accepted' ? outcome : null;
  return {
    attemptId,
    outcome: outcome.kind,
    failureCode: 'code' in outcome ? outcome.code : null,
    failureDetail: 'detail' in outcome ? outcome.detail : null,
    providerRequestId: accepted?.providerRequestId ?? null,
    providerMessageId: accepted?.providerMessageId ?? null,
  };
}
