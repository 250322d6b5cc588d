import { type Account, lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { fitWithinCredit } from '@tollgate/shared/credit/fit-within-credit.ts';
import { reserveCredit } from '@tollgate/shared/credit/reserve.ts';
import { readSendingRules } from '@tollgate/shared/guards/guard-rules.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { openAttempts } from '@tollgate/shared/messages/attempts.ts';
import { type ClaimableMessage, claimMessages } from '@tollgate/shared/messages/claim-messages.ts';
import type { HoldReason } from '@tollgate/shared/messages/message.ts';
import { moveMessages } from '@tollgate/shared/messages/move-messages.ts';
import { readRoutes } from '@tollgate/shared/messages/provider-routes.ts';
import { listProviders } from '@tollgate/shared/messages/provider-status.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { applyNextSteps } from '../next-step/apply-next-steps.ts';
import type { Admission, Providers } from '../providers/sms-provider.ts';
import { countReserved, refuseUnentitled, restrainMessages } from '../restraints/restrain-messages.ts';
import type { AlarmDeps } from '../restraints/tell-crossings.ts';
import { assignProviders, type ProviderStanding } from '../routing/assign-providers.ts';
import { createRoutes } from '../routing/routes.ts';
import { giveUp } from './decide-next-step.ts';
import { refuseMessage, refuseStranded } from './select-messages.ts';

/** How long a hand-over may take before the sweeper asks the provider what became of it. */
const LEASE_MS = 60 * SECOND_MS;

/** A payment wakes what waits for credit; this only catches credit that came by another way. */
const HELD_FOR_CREDIT_MS = 10 * MINUTE_MS;

export type ClaimDeps = TransactionDeps & AlarmDeps & { clock: Clock; providers: Providers };

/** What each provider admits, by its name. */
export type Admissions = ReadonlyMap<string, Admission>;

/** A message that is ours to hand over to the provider: its attempt is stored and its credit reserved. */
export type Claim = { message: ClaimableMessage; attemptId: string; provider: string };

/**
 * Claims what is due and admitted, reserves its credit and opens its attempts, in one transaction that
 * commits before the provider is called: a crash after it leaves an open attempt that the sweeper sees.
 */
export function claimAndReserve(
  deps: ClaimDeps,
  ids: readonly string[],
  admissions: Admissions,
): Promise<Claim[]> {
  const { clock, providers } = deps;
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const now = clock.now();
    const due = await claimMessages(db, ids, now);
    if (due.length === 0) return [];
    // All accounts at once: locked in two goes they could cross with another transaction.
    const accounts = await lockAccounts(db, due);
    const refused = due.flatMap((message) => refuseMessage(message, now) ?? []);
    const refusedIds = new Set(refused.map(({ message }) => message.id));
    // Under the locks: whoever suspends a tenant or changes its settings waits for them, and is obeyed after.
    const rules = await readSendingRules(db, [...new Set(due.map(({ tenantId }) => tenantId))]);
    const valid = due.filter(({ id }) => !refusedIds.has(id));
    const sendable = await refuseUnentitled(tx, valid, rules, now);
    const routes = createRoutes(await readRoutes(db), [...providers.keys()]);
    const standings = await readStandings(db, providers, admissions);
    const { assigned, waiting, stranded } = assignProviders(sendable, routes, standings);
    const admitted = assigned.map(({ message }) => message);
    const allowed = await restrainMessages(tx, deps, admitted, rules, now);
    const { funded, lacking } = await reserve(db, allowed, accounts, now);
    await countReserved(tx, deps, funded, rules, now);
    const rejected = lacking
      .filter(({ onInsufficientCredit }) => onInsufficientCredit === 'reject')
      .map((message) => giveUp(message, 'rejected', 'insufficient_credit', 'the credit was used up', now));
    const homeless = stranded.map((message) => refuseStranded(message, now));
    await applyNextSteps(tx, [...refused, ...homeless, ...rejected], now);
    const poor = lacking.filter(({ onInsufficientCredit }) => onInsufficientCredit === 'hold');
    const untilCredit = new Date(now.getTime() + HELD_FOR_CREDIT_MS);
    await hold(
      db,
      poor.map((message) => ({ message, until: untilCredit })),
      'credit',
    );
    await hold(db, waiting, 'provider');
    const fundedIds = new Set(funded.map(({ id }) => id));
    const ours = assigned.filter(({ message }) => fundedIds.has(message.id));
    return open(db, ours, now);
  });
}

async function readStandings(
  db: Db,
  providers: Providers,
  admissions: Admissions,
): Promise<Map<string, ProviderStanding>> {
  const states = await listProviders(db);
  const blocked = new Set(states.filter(({ block }) => block !== null).map(({ provider }) => provider));
  return new Map(
    [...providers.values()].map(({ name, carriesTests }) => {
      const admission = admissions.get(name) ?? { kind: 'all' };
      return [name, { admission, isBlocked: blocked.has(name), carriesTests }];
    }),
  );
}

async function reserve(
  db: Db,
  messages: readonly ClaimableMessage[],
  accounts: readonly Account[],
  now: Date,
): Promise<{ funded: ClaimableMessage[]; lacking: ClaimableMessage[] }> {
  // A retry still holds its reservation, and a test message needs none.
  const unreserved = messages.filter(({ mode, reservation }) => mode === 'live' && reservation === null);
  const needs = unreserved.map((message) => ({
    messageId: message.id,
    tenantId: message.tenantId,
    currency: message.currency,
    amountMicros: message.priceMicros,
  }));
  const { fitting, lacking } = fitWithinCredit(accounts, needs);
  await reserveCredit(db, fitting, now);
  const lackingIds = new Set(lacking.map(({ messageId }) => messageId));
  return {
    funded: messages.filter(({ id }) => !lackingIds.has(id)),
    lacking: messages.filter(({ id }) => lackingIds.has(id)),
  };
}

/** Keeps messages until `until`, but never past their validity: then they expire and free their credit. */
async function hold(
  db: Db,
  held: readonly { message: ClaimableMessage; until: Date | null }[],
  holdReason: HoldReason,
): Promise<void> {
  await moveMessages(
    db,
    held.map(({ message: { id, state, expiresAt }, until }) => ({
      messageId: id,
      state,
      holdReason,
      wakeAt: until !== null && until < expiresAt ? until : expiresAt,
    })),
  );
}

async function open(
  db: Db,
  assigned: readonly { message: ClaimableMessage; provider: string }[],
  now: Date,
): Promise<Claim[]> {
  const claims = assigned.map(({ message, provider }) => ({
    message: { ...message, attemptCount: message.attemptCount + 1 },
    attemptId: newId(),
    provider,
  }));
  await openAttempts(
    db,
    claims.map(({ message, attemptId, provider }) => ({
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
