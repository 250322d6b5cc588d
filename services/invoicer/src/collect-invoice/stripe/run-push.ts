import { inSpan } from '@tollgate/shared/runtime/trace.ts';
import { classifyStripeError } from '@tollgate/shared/stripe/classify-error.ts';
import type { StripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import type { CollectDeps } from '../collect-deps.ts';
import { confirmPush, isAsFrozen, type Push, renewPush } from './pushes.ts';
import { stopPush } from './stop-push.ts';

/** Stripe promises to remember a key for 24 hours; before that the same key is safe to repeat. */
const KEY_TRUSTED_MS = 20 * HOUR_MS;

/** Thrown for what passes by itself: the job comes again, and the sweeper is behind it. */
export class StripeUnavailableError extends Error {
  override name = 'StripeUnavailableError';
}

/** One kind of call to Stripe, as a push makes it. */
export type PushCall<Made> = {
  /** For traces. */
  name: string;
  send(push: Push, idempotencyKey: string): Promise<Made>;
  /** What the push has made already: by lists, because search lags behind. */
  lookUp(push: Push): Promise<Made[]>;
  idOf(made: Made): string;
  /** Why it is not what was asked for; null where it is. */
  differs(made: Made, push: Push): string | null;
  /** Whether a refusal means that another way has to be taken, instead of that a person has to look. */
  isOtherWay?(error: unknown): boolean;
};

export type PushOutcome<Made> =
  | { kind: 'confirmed'; made: Made }
  /** A person has to look, or had. */
  | { kind: 'stopped' }
  /** Refused in a way that leaves another one; nothing was made, and the push is still `sent`. */
  | { kind: 'other_way'; detail: string };

/**
 * Makes what a committed push asks for, once: repeated with the same key while Stripe remembers it, and
 * looked up before any other key is used. Throws StripeUnavailableError while the outcome is unknown.
 */
export async function runPush<Made>(
  deps: CollectDeps,
  lease: StripeLease,
  push: Push,
  call: PushCall<Made>,
): Promise<PushOutcome<Made>> {
  if (!isAsFrozen(push)) return stop(deps, push, 'the parameters are not those that were frozen');
  const ageMs = deps.clock.now().getTime() - push.firstSentAt.getTime();
  return ageMs < KEY_TRUSTED_MS ? send(deps, lease, push, call) : lookUpThenSend(deps, lease, push, call);
}

async function send<Made>(
  deps: CollectDeps,
  lease: StripeLease,
  push: Push,
  call: PushCall<Made>,
): Promise<PushOutcome<Made>> {
  await lease.extend();
  try {
    const made = await inSpan(`stripe ${call.name}`, {}, () => call.send(push, push.idempotencyKey));
    return await adopt(deps, push, call, made);
  } catch (error) {
    const verdict = classifyStripeError(error);
    deps.logger.warn({ pushId: push.id, verdict }, 'Stripe did not confirm a push');
    switch (verdict.kind) {
      case 'rejected':
        if (call.isOtherWay?.(error)) return { kind: 'other_way', detail: verdict.detail };
        await stopPush(deps, push, { state: 'rejected', detail: verdict.detail });
        return { kind: 'stopped' };
      case 'stored_failure':
        return lookUpThenSend(deps, lease, push, call);
      case 'unknown':
      case 'later':
      case 'misconfigured':
        await deps.prisma.stripePush.update({ where: { id: push.id }, data: { lastError: verdict.detail } });
        throw new StripeUnavailableError(verdict.detail);
    }
  }
}

/** The key is worn out: what Stripe has decides. Nothing there, and only then, is it sent anew. */
async function lookUpThenSend<Made>(
  deps: CollectDeps,
  lease: StripeLease,
  push: Push,
  call: PushCall<Made>,
): Promise<PushOutcome<Made>> {
  const [made, ...copies] = await call.lookUp(push);
  if (made === undefined) {
    return send(deps, lease, await renewPush(deps.prisma, push, deps.clock.now()), call);
  }
  if (copies.length === 0) return adopt(deps, push, call, made);
  const ids = [made, ...copies].map((copy) => call.idOf(copy));
  return stop(deps, push, `${ids.length} at Stripe: ${ids.join(', ')}`, ids);
}

async function adopt<Made>(
  deps: CollectDeps,
  push: Push,
  call: PushCall<Made>,
  made: Made,
): Promise<PushOutcome<Made>> {
  const difference = call.differs(made, push);
  const stripeId = call.idOf(made);
  if (difference !== null) return stop(deps, push, `${stripeId}: ${difference}`, [stripeId]);
  await confirmPush(deps.prisma, push, stripeId);
  deps.logger.info({ pushId: push.id, stripeId, invoiceId: push.invoiceId }, 'pushed to Stripe');
  return { kind: 'confirmed', made };
}

async function stop<Made>(
  deps: CollectDeps,
  push: Push,
  detail: string,
  seen: string[] = [],
): Promise<PushOutcome<Made>> {
  await stopPush(deps, push, { state: 'needs_human', detail, seen });
  return { kind: 'stopped' };
}
