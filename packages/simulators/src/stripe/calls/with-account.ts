import { type Account, openAccount } from '../account/account.ts';
import type { StripeEvent } from '../events/stripe-event.ts';
import { countLostEvents, declineCode, type FaultSwitches } from '../faults/fault-switches.ts';
import type { State } from '../state/open-state.ts';
import { planDeliveries } from '../webhooks/plan-deliveries.ts';

export interface WithAccountDeps {
  state: State;
  faults: FaultSwitches;
  now: () => Date;
  origin: () => string;
  /** Whether events are posted anywhere. */
  isPosting: () => boolean;
  webhookDelayMs: number;
  /** Makes sure that deliveries due at the instant (milliseconds since 1970) are looked for then. */
  wake: (at: number) => void;
}

/** Who caused a change; null where it was not a call. */
export interface Cause {
  requestId: string | null;
  idempotencyKey: string | null;
}

/** Returns the account for a call that changes nothing. */
export function accountForReading(deps: WithAccountDeps): Account {
  const { account } = openAccount({
    objects: deps.state.objects,
    now: Math.floor(deps.now().getTime() / 1000),
    origin: deps.origin(),
    declineCode: undefined,
    isPosting: false,
    requestId: null,
    idempotencyKey: null,
  });
  return account;
}

/** Runs work on the account in one transaction, so that its changes, their events and the deliveries survive or not together. */
export function withAccount<Result>(
  deps: WithAccountDeps,
  cause: Cause,
  work: (account: Account) => Result,
): Result {
  const { state, faults } = deps;
  const at = deps.now().getTime();
  const result = state.transaction(() => {
    const isPosting = deps.isPosting();
    const { account, events, thinEvents } = openAccount({
      objects: state.objects,
      now: Math.floor(at / 1000),
      origin: deps.origin(),
      declineCode: declineCode(faults.current()),
      isPosting,
      ...cause,
    });
    const done = work(account);
    if (faults.current().webhooks.twin) events.push(...events.map((event) => twinOf(account, event)));
    const eventIds = isPosting ? [...events, ...thinEvents].map(({ id }) => id) : [];
    const planned = planDeliveries(eventIds, faults.current().webhooks, at + deps.webhookDelayMs);
    for (const delivery of planned) state.deliveries.insert(delivery);
    countLostEvents(faults, planned.filter(({ lost }) => lost).length);
    return done;
  });
  deps.wake(at + deps.webhookDelayMs + (faults.current().webhooks.delayMs ?? 0));
  return result;
}

function twinOf(account: Account, event: StripeEvent): StripeEvent {
  const twin = { ...event, id: account.newId('evt') };
  account.create('event', twin, null);
  return twin;
}
