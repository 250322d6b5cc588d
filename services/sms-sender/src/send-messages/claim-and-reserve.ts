import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { fitWithinCredit } from '@tollgate/shared/credit/fit-within-credit.ts';
import { reserveCredit } from '@tollgate/shared/credit/reserve.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { openAttempts } from '@tollgate/shared/messages/attempts.ts';
import { type ClaimableMessage, claimMessages } from '@tollgate/shared/messages/claim-messages.ts';
import { moveMessages } from '@tollgate/shared/messages/move-messages.ts';
import { readProviderBlock } from '@tollgate/shared/messages/provider-status.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { giveUp } from './decide-next-step.ts';

/** How long a hand-over may take before the sweeper asks the provider what became of it. */
const LEASE_MS = 60 * SECOND_MS;
const HELD_FOR_CREDIT_MS = MINUTE_MS;

export type ClaimDeps = TransactionDeps & { clock: Clock; providerName: string };

/** A message that is ours to hand over: its attempt is stored and its credit reserved. */
export type Claim = { message: ClaimableMessage; attemptId: string };

/**
 * Claims what is due, reserves its credit and opens its attempts, in one transaction that commits
 * before the provider is called: a crash after it leaves an open attempt that the sweeper sees.
 */
export function claimAndReserve(deps: ClaimDeps, ids: readonly string[]): Promise<Claim[]> {
  const { clock, providerName } = deps;
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const now = clock.now();
    const due = await claimMessages(db, ids, now);
    const blockedUntil = await readProviderBlock(db, providerName, now);
    if (blockedUntil) {
      await hold(db, due, 'provider', blockedUntil);
      return [];
    }
    // All accounts at once: locked in two goes they could cross with another transaction.
    await lockAccounts(db, due);
    const refused = due.flatMap((message) => refuse(message, now));
    const refusedIds = new Set(refused.map(({ message }) => message.id));
    const sendable = due.filter(({ id }) => !refusedIds.has(id));
    const { funded, rejected, held } = await reserve(db, sendable, now);
    await applyNextSteps(tx, [...refused, ...rejected], now);
    await hold(db, held, 'credit', new Date(now.getTime() + HELD_FOR_CREDIT_MS));
    return open(db, funded, providerName, now);
  });
}

/** What may no longer be sent: past its validity, or switched off since it was accepted. */
function refuse(message: ClaimableMessage, now: Date): NextStep[] {
  if (message.expiresAt <= now) {
    return [
      giveUp(message, 'expired', 'validity_over', 'its validity was over before it could be sent', now),
    ];
  }
  if (!message.sendingAllowed) {
    return [giveUp(message, 'rejected', 'sms_disabled', 'sending was switched off for the tenant', now)];
  }
  return [];
}

async function reserve(db: Db, messages: readonly ClaimableMessage[], now: Date) {
  // A retry still holds its reservation, and a test message needs none.
  const unreserved = messages.filter(({ mode, reservation }) => mode === 'live' && reservation === null);
  const accounts = await lockAccounts(db, unreserved);
  const needs = unreserved.map((message) => ({
    ...message,
    messageId: message.id,
    amountMicros: message.priceMicros,
  }));
  const { fitting, lacking } = fitWithinCredit(accounts, needs);
  await reserveCredit(
    db,
    fitting.map(({ messageId, tenantId, currency, amountMicros }) => ({
      messageId,
      tenantId,
      currency,
      amountMicros,
    })),
    now,
  );
  const lackingIds = new Set(lacking.map(({ messageId }) => messageId));
  return {
    funded: messages.filter(({ id }) => !lackingIds.has(id)),
    held: lacking.filter(({ onInsufficientCredit }) => onInsufficientCredit === 'hold'),
    rejected: lacking
      .filter(({ onInsufficientCredit }) => onInsufficientCredit === 'reject')
      .map((message) => giveUp(message, 'rejected', 'insufficient_credit', 'the credit was used up', now)),
  };
}

async function hold(
  db: Db,
  messages: readonly ClaimableMessage[],
  holdReason: 'credit' | 'provider',
  wakeAt: Date,
): Promise<void> {
  await moveMessages(
    db,
    messages.map(({ id, state }) => ({ messageId: id, state, holdReason, wakeAt })),
  );
}

async function open(
  db: Db,
  messages: readonly ClaimableMessage[],
  provider: string,
  now: Date,
): Promise<Claim[]> {
  const claims = messages.map((message) => ({
    message: { ...message, attemptCount: message.attemptCount + 1 },
    attemptId: newId(),
  }));
  await openAttempts(
    db,
    claims.map(({ message, attemptId }) => ({
      id: attemptId,
      messageId: message.id,
      tenantId: message.tenantId,
      number: message.attemptCount,
      provider,
    })),
    now,
  );
  await moveMessages(
    db,
    claims.map(({ message }) => ({
      messageId: message.id,
      state: canMove(message.state, 'sending') ? 'sending' : message.state,
      attemptCount: message.attemptCount,
      wakeAt: new Date(now.getTime() + LEASE_MS),
    })),
  );
  return claims;
}
