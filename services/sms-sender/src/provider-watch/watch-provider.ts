import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { wakeHeldMessages } from '@tollgate/shared/messages/held-messages.ts';
import {
  prolongProviderBlock,
  readProvider,
  resumeProvider,
} from '@tollgate/shared/messages/provider-status.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { SmsProvider } from '../providers/sms-provider.ts';
import { nextCheckAt } from './check-schedule.ts';

export type WatchProviderDeps = {
  prisma: PrismaClient;
  clock: Clock;
  logger: Logger;
  provider: Pick<SmsProvider, 'name' | 'checkAccount'>;
};

/**
 * Looks after a provider that was blocked: asks for its account when that is due, resumes it when the
 * account is well again, and wakes what waited. Each step may be repeated and done by several at once:
 * whoever was held while the block was lifted is found at the next turn.
 */
export async function watchProvider(deps: WatchProviderDeps): Promise<void> {
  const { prisma, clock, logger, provider } = deps;
  const { block } = await readProvider(prisma, provider.name);
  if (block && (block.nextCheckAt > clock.now() || !(await checkAccount(deps, block.checkCount)))) return;
  const { resumedAt } = await readProvider(prisma, provider.name);
  const now = clock.now();
  const wasResumedNow = resumedAt !== null && now.getTime() - resumedAt.getTime() < RESUMED_LATELY_MS;
  const sleepingPast = new Date(now.getTime() + (wasResumedNow ? 0 : LONGEST_NAP_MS));
  const woken = await wakeHeldMessages(prisma, { reason: 'provider', sleepingPast }, now);
  if (woken > 0) logger.info({ provider: provider.name, woken }, 'messages held for the provider woken');
}

/** Several turns long, so that none misses it. */
const RESUMED_LATELY_MS = 30 * SECOND_MS;

/** Longer than the breaker's pauses: what waits for a silent provider wakes by itself, when the pause is over. */
const LONGEST_NAP_MS = 90 * SECOND_MS;

/** Whether the account is well again; then the provider may be called. */
async function checkAccount(
  { prisma, clock, logger, provider }: WatchProviderDeps,
  checkCount: number,
): Promise<boolean> {
  const check = await provider.checkAccount();
  const now = clock.now();
  if (check.kind === 'ready') {
    const resumed = await resumeProvider(prisma, { provider: provider.name, at: now, by: 'tollgate' });
    if (resumed) logger.info({ provider: provider.name }, 'provider resumed: its account is well again');
    return true;
  }
  await prolongProviderBlock(prisma, {
    provider: provider.name,
    reason: check.detail,
    nextCheckAt: nextCheckAt(checkCount + 1, now),
  });
  logger.warn({ provider: provider.name, reason: check.detail }, 'provider stays blocked');
  return false;
}
