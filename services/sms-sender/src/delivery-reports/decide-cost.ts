import type { LookUpTarget } from '@tollgate/shared/messages/look-ups.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { isTerminal } from '@tollgate/shared/messages/states.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { LookUpResult, Providers } from '../providers/sms-provider.ts';
import type { LookUpStep } from './decide-by-look-up.ts';

/** How long after its end a message's price is asked for the first time. */
const FIRST_LOOK_MS = 5 * MINUTE_MS;
const NEXT_LOOK_MS = 6 * HOUR_MS;

/** A price that is not known after this is never told. */
const LAST_LOOK_MS = 4 * DAY_MS;

/** Looks at an ended message once more where its provider tells the price only later. */
export function awaitCost(
  step: NextStep,
  providers: Providers,
  provider: string | undefined,
  now: Date,
): NextStep {
  const { move } = step;
  if (provider === undefined || !pricesLater(providers, { provider })) return step;
  // What never went out has no price to wait for.
  const wasSent = move.state === 'delivered' || move.state === 'undelivered';
  if (!wasSent || move.providerCostMicros !== undefined) return step;
  return { ...step, move: { ...move, wakeAt: new Date(now.getTime() + FIRST_LOOK_MS) } };
}

/** Whether the provider tells the price of a message only after its end. */
export function pricesLater(providers: Providers, { provider }: { provider: string }): boolean {
  return providers.get(provider)?.pricesLater === true;
}

/**
 * What a look-up of an ended message means: done once its price is known or will not be told, else asked
 * again, for some days. Null for a message that has not ended.
 */
export function decideCost(
  message: LockedMessage,
  target: LookUpTarget,
  result: LookUpResult,
  { now, pricesLater }: { now: Date; pricesLater: boolean },
): LookUpStep | null {
  const { state } = message;
  if (!isTerminal(state)) return null;
  const isPriced = pricesLater && target.providerMessageId !== null;
  const isKnown = result.kind === 'found' && result.cost !== undefined;
  const isOver = now.getTime() - target.openedAt.getTime() >= LAST_LOOK_MS;
  const wakeAt = !isPriced || isKnown || isOver ? null : new Date(now.getTime() + NEXT_LOOK_MS);
  return { step: { message, move: { state, wakeAt }, credit: 'none' }, closedAs: null };
}

/** The step with the cost that the look-up brought, if it did. */
export function withCost(step: NextStep, result: LookUpResult): NextStep {
  if (result.kind !== 'found' || result.cost === undefined) return step;
  const { parts, micros, currency } = result.cost;
  const cost = { providerCostMicros: micros, providerCostCurrency: currency };
  return { ...step, move: { ...step.move, ...cost, ...(parts === null ? {} : { providerParts: parts }) } };
}
