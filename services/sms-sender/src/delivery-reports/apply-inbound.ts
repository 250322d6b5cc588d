import { type NewInboundSms, storeInbound } from '@tollgate/shared/inbound/inbound-sms.ts';
import { findNumberOwners } from '@tollgate/shared/inbound/tenant-numbers.ts';
import { findAttemptOwners } from '@tollgate/shared/messages/attempts.ts';
import { findReplyThreads } from '@tollgate/shared/messages/reply-threads.ts';
import { isStopWord } from '@tollgate/shared/opt-outs/is-stop-word.ts';
import { storeOptOuts } from '@tollgate/shared/opt-outs/opt-outs.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import type { InboundMessage } from '../providers/sms-provider.ts';

/** An inbound message, the provider that it came by, and its place in the stored webhook. */
export type ReceivedInbound = InboundMessage & {
  provider: string;
  inboxId: string;
  position: number;
  receivedAt: Date;
};

export type AppliedInbound = { stored: number; optedOut: number };

/**
 * Applies what people wrote: it is kept for the tenant whose message it answers, or whose number it was
 * sent to, and a stop word opts its sender out of that tenant, and of no other. What is for nobody
 * stays in the inbox only. Returns how many were stored, and how many asked for no more.
 */
export async function applyInbound(
  db: Db,
  dataKeys: DataKeys,
  inbound: readonly ReceivedInbound[],
  now: Date,
): Promise<AppliedInbound> {
  const owned = await findTenants(db, inbound);
  const stored = await storeInbound(db, dataKeys, owned, now);
  const optOuts = owned
    .filter((message) => message.isStopWord)
    .map(({ tenantId, sender }) => ({ tenantId, recipient: sender, source: 'reply' as const }));
  await storeOptOuts(db, optOuts, now);
  return { stored, optedOut: optOuts.length };
}

/** Whose each message is; those of nobody are left out. */
async function findTenants(db: Db, inbound: readonly ReceivedInbound[]): Promise<NewInboundSms[]> {
  const numberOwners = await findNumberOwners(
    db,
    inbound.flatMap(({ to }) => to ?? []),
  );
  const named = await nameAttempts(db, inbound);
  const attemptOwners = await findAttemptOwners(
    db,
    named.flatMap(({ attemptId }) => attemptId ?? []),
  );
  return named.flatMap((message) => {
    const { attemptId, isGuess, from, to, body, provider, inboxId, position, receivedAt } = message;
    const attempt = attemptId === null ? undefined : attemptOwners.get(attemptId);
    const numberOwner = to === undefined ? undefined : numberOwners.get(to);
    // Only the provider that carried a message speaks of its replies, and a number is no guess.
    const contradicted = isGuess && numberOwner !== undefined && numberOwner !== attempt?.tenantId;
    const answered = attempt?.provider === provider && !contradicted ? attempt : undefined;
    const tenantId = answered?.tenantId ?? numberOwner;
    if (tenantId === undefined) return [];
    return [
      {
        tenantId,
        provider,
        inboxId,
        position,
        sender: from,
        recipient: to ?? null,
        body,
        messageId: answered?.messageId ?? null,
        isStopWord: isStopWord(body),
        receivedAt,
      },
    ];
  });
}

/** Where a provider does not say what is replied to, it is what was last written to that person there. */
async function nameAttempts(
  db: Db,
  inbound: readonly ReceivedInbound[],
): Promise<(ReceivedInbound & { isGuess: boolean })[]> {
  const unnamed = inbound.filter(({ attemptId }) => attemptId === null);
  const threads = new Map<string, string>();
  for (const [provider, own] of Map.groupBy(unnamed, (message) => message.provider)) {
    const found = await findReplyThreads(
      db,
      provider,
      own.map(({ from }) => from),
    );
    for (const [recipient, attemptId] of found) threads.set(`${provider} ${recipient}`, attemptId);
  }
  return inbound.map((message) => ({
    ...message,
    isGuess: message.attemptId === null,
    attemptId: message.attemptId ?? threads.get(`${message.provider} ${message.from}`) ?? null,
  }));
}
