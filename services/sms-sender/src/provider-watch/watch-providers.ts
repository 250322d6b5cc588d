import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { wakeHeldMessages } from '@tollgate/shared/messages/held-messages.ts';
import { readRoutes } from '@tollgate/shared/messages/provider-routes.ts';
import {
  listProviders,
  type ProviderBlock,
  type ProviderState,
  prolongProviderBlock,
  resumeProvider,
} from '@tollgate/shared/messages/provider-status.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { Providers, SmsProvider } from '../providers/sms-provider.ts';
import { findOpenRoutes } from '../routing/find-open-routes.ts';
import { nextCheckAt } from './check-schedule.ts';

export type WatchProvidersDeps = {
  prisma: PrismaClient;
  clock: Clock;
  logger: Logger;
  providers: Providers;
};

/**
 * Looks after providers that were blocked: asks for an account when that is due, resumes its provider when
 * it is well again, and wakes what waited and has a provider now. Each step may be repeated and done by
 * several at once: whoever was held while a block was lifted is found at the next turn.
 */
export async function watchProviders(deps: WatchProvidersDeps): Promise<void> {
  const { prisma, clock, logger, providers } = deps;
  const blocks = new Map((await listProviders(prisma)).map(({ provider, block }) => [provider, block]));
  const open: string[] = [];
  for (const [name, provider] of providers) {
    const block = blocks.get(name) ?? null;
    if (block === null || (await isResumed(deps, provider, block))) open.push(name);
  }
  const routes = findOpenRoutes(await readRoutes(prisma), [...providers.values()], new Set(open));
  if (routes === null) return;
  const states = await listProviders(prisma);
  const now = clock.now();
  const hasChanged = states.some((state) => changedSince(state, now.getTime() - CHANGED_LATELY_MS));
  const sleepingPast = new Date(now.getTime() + (hasChanged ? 0 : LONGEST_NAP_MS));
  const woken = await wakeHeldMessages(prisma, { reason: 'provider', sleepingPast, routes }, now);
  if (woken > 0) logger.info({ open, woken }, 'messages held for a provider woken');
}

/** Several turns long, so that none misses it. */
const CHANGED_LATELY_MS = 30 * SECOND_MS;

/** Longer than the breaker's pauses: what waits for a silent provider wakes by itself, when the pause is over. */
const LONGEST_NAP_MS = 90 * SECOND_MS;

/** A block that ended frees its messages; one that began sends them to another provider of their route. */
function changedSince({ block, resumedAt }: ProviderState, sinceMs: number): boolean {
  return [block?.blockedAt, resumedAt].some((at) => at && at.getTime() > sinceMs);
}

/** Whether a look at the account was due and found it well; then the provider may be called again. */
async function isResumed(
  { prisma, clock, logger }: WatchProvidersDeps,
  { name, checkAccount }: SmsProvider,
  { nextCheckAt: dueAt, checkCount }: ProviderBlock,
): Promise<boolean> {
  if (dueAt > clock.now()) return false;
  const check = await checkAccount();
  const now = clock.now();
  if (check.kind === 'ready') {
    const resumed = await resumeProvider(prisma, { provider: name, at: now, by: 'tollgate' });
    if (resumed) logger.info({ provider: name }, 'provider resumed: its account is well again');
    return true;
  }
  await prolongProviderBlock(prisma, {
    provider: name,
    reason: check.detail,
    nextCheckAt: nextCheckAt(checkCount + 1, now),
  });
  logger.warn({ provider: name, reason: check.detail }, 'provider stays blocked');
  return false;
}
