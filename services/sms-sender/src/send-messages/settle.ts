import { recordOutcomes } from '@tollgate/shared/messages/attempts.ts';
import { lockMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { blockProvider } from '@tollgate/shared/messages/provider-status.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import { sendMessages, sendMessagesPriority } from '@tollgate/shared/queues/catalog.ts';
import {
  inTransaction,
  type Transaction,
  type TransactionDeps,
} from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { ReportSource } from '../delivery-reports/poll-schedule.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { SubmissionOutcome } from '../providers/sms-provider.ts';
import type { Claim } from './claim-and-reserve.ts';
import { decideNextStep } from './decide-next-step.ts';

/** How long a provider that refused our key or has no credit is left alone. */
const BLOCK_MS = MINUTE_MS;

export type SettleDeps = TransactionDeps & {
  clock: Clock;
  providerName: string;
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
  const { clock, providerName, reportSource, random } = deps;
  return inTransaction(deps, async (tx) => {
    const now = clock.now();
    const blockedUntil = new Date(now.getTime() + BLOCK_MS);
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
      if (!message || !canMove(message.state, 'submitted')) return [];
      // Only an acceptance still counts for an attempt that was given up meanwhile: it ends the retries.
      const isLate = message.openAttemptId === null && outcome.kind === 'accepted';
      if (message.openAttemptId !== claim.attemptId && !isLate) return [];
      return [decideNextStep(message, outcome, { now, random: random(), reportSource, blockedUntil })];
    });
    await applyNextSteps(tx, steps, now);
    const block = settlements.find(({ outcome }) => outcome.kind === 'provider_blocked')?.outcome;
    if (block?.kind === 'provider_blocked') {
      await blockProvider(tx.db, {
        provider: providerName,
        reason: block.detail,
        at: now,
        until: blockedUntil,
      });
    }
    enqueueRetries(tx, steps, now);
    return steps;
  });
}

function toAttemptResult(attemptId: string, outcome: SubmissionOutcome) {
  const accepted = outcome.kind === 'accepted' ? outcome : null;
  return {
    attemptId,
    outcome: outcome.kind,
    failureCode: outcome.kind === 'rejected' ? outcome.code : null,
    failureDetail: 'detail' in outcome ? outcome.detail : null,
    providerRequestId: accepted?.providerRequestId ?? null,
    providerMessageId: accepted?.providerMessageId ?? null,
  };
}

/** Delayed wake-ups for messages that will be tried again; the sweeper is behind them. */
export function enqueueRetries(tx: Transaction, steps: readonly NextStep[], now: Date): void {
  for (const { message, move } of steps) {
    if (!move.notBefore) continue;
    const queue = message.category === 'priority' ? sendMessagesPriority : sendMessages;
    const delayMs = Math.max(0, move.notBefore.getTime() - now.getTime());
    tx.enqueue(queue, { messageIds: [message.id] }, { delayMs });
  }
}
