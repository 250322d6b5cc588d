import type { Account } from '../account/account.ts';
import { expandObject } from '../account/expand-object.ts';
import { renderObject } from '../account/render-object.ts';
import type { StoredAnswer } from '../state/answer-table.ts';
import { StripeRefusal } from '../wire/stripe-refusal.ts';
import type { StripeCall } from './stripe-call.ts';

/** Carries a call out and returns its answer. Throws StripeRefusal when nothing is to be written. */
export function runOperation(account: Account, call: StripeCall, requestId: string): StoredAnswer {
  const outcome = call.operation.run(account, call.params as never, call.id);
  if (outcome instanceof StripeRefusal) return refusalAnswer(outcome, requestId);
  const stored = outcome as Parameters<typeof renderObject>[1];
  // Copied, because expanding writes into what it is given.
  const shown = structuredClone(renderObject(account.objects, stored));
  const expanded = expandObject(account.objects, shown, call.params.expand ?? []);
  return { status: 200, body: JSON.stringify(expanded), requestId };
}

/** Returns the answer that tells of a refusal. */
export function refusalAnswer({ status, body }: StripeRefusal, requestId: string): StoredAnswer {
  return { status, body: JSON.stringify({ error: body }), requestId };
}
