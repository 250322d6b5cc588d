import type { StripeLease } from '@tollgate/shared/stripe/stripe-lease.ts';
import type { CollectDeps } from '../collect-deps.ts';
import { itemCall } from './calls.ts';
import { findPushes, type Push, stopWaking } from './pushes.ts';
import { runPush } from './run-push.ts';

/** Sends items with an amount of their own; returns whether all of them are there. */
export async function resumeItems(
  deps: CollectDeps,
  lease: StripeLease,
  pushes: readonly Push[],
): Promise<boolean> {
  for (const push of pushes) {
    const outcome = await runPush(
      deps,
      lease,
      push,
      itemCall(deps.stripe, BigInt(Number(push.params.amount))),
    );
    if (outcome.kind !== 'confirmed') return false;
    await stopWaking(deps.prisma, [push.invoiceId]);
  }
  return true;
}

/**
 * Sends what was deferred and then put on another invoice or on the subscription, where the one that took
 * it along died before the call. Returns whether the invoice is such a one, which collects nothing itself.
 */
export async function resumeCarried(
  deps: CollectDeps,
  lease: StripeLease,
  invoiceId: string,
): Promise<boolean> {
  const pushes = await findPushes(deps.prisma, invoiceId);
  const isCarried =
    pushes.some(({ kind, state }) => kind === 'draft_item' && state !== 'discarded') &&
    !pushes.some(({ kind }) => kind === 'draft_invoice');
  if (!isCarried) return false;
  await resumeItems(
    deps,
    lease,
    pushes.filter(({ kind, state }) => kind === 'draft_item' && state === 'sent'),
  );
  await stopWaking(deps.prisma, [invoiceId]);
  return true;
}
