import { UnsealError, unseal } from '@tollgate/shared/encryption/seal.ts';
import { NOT_TAKEN } from '@tollgate/shared/messages/attempts.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inSpan } from '@tollgate/shared/runtime/trace.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { SmsProvider, Submission, SubmissionOutcome } from '../providers/sms-provider.ts';
import { type Claim, type ClaimDeps, claimAndReserve } from './claim-and-reserve.ts';
import { type SettleDeps, type Settlement, settle } from './settle.ts';

export type SendMessagesDeps = ClaimDeps & SettleDeps & { dataKeys: DataKeys; logger: Logger };

/**
 * Hands due messages over to their providers. Credit is held before the call and resolved after it, in
 * two short transactions, so that a crash between them leaves an open attempt that the sweeper sees.
 * `onClaimed` hears when the first of them is over, and how many were claimed.
 */
export async function sendMessages(
  deps: SendMessagesDeps,
  ids: readonly string[],
  onClaimed: (count: number) => void = () => {},
): Promise<void> {
  const { providers, clock, logger } = deps;
  const notAfter = new Date(clock.now().getTime() + POST_WITHIN_MS);
  const admissions = new Map([...providers.values()].map(({ name, admit }) => [name, admit()]));
  const claimed = await claimAndReserve(deps, ids, admissions);
  onClaimed(claimed.length);
  const claims = Map.groupBy(claimed, ({ provider }) => provider);
  for (const [name, admission] of admissions) {
    if (admission.kind === 'probe' && !claims.has(name)) admission.forgo();
  }
  // Each provider's answers are settled as they come: a slow one keeps no other waiting.
  await Promise.all(
    [...claims].map(async ([name, own]) => {
      const provider = providers.get(name) as SmsProvider;
      const steps = await settle(deps, await handOver(deps.dataKeys, provider, own, notAfter));
      for (const { message, move } of steps) {
        const { id: messageId } = message;
        const outcome = { messageId, provider: name, state: move.state, failure: move.lastFailure };
        logger.info(outcome, 'handed over');
      }
    }),
  );
}

/** Well within the lease and every grace time, so that nobody takes a hand-over that waits for one that failed. */
const POST_WITHIN_MS = 30 * SECOND_MS;

async function handOver(
  dataKeys: DataKeys,
  provider: SmsProvider,
  claims: readonly Claim[],
  notAfter: Date,
): Promise<Settlement[]> {
  const submissions = claims.map((claim) => toSubmission(dataKeys, claim, notAfter));
  const readable = submissions.filter((submission) => submission !== null);
  const outcomes = await inSpan(`${provider.name} send`, { attributes: { count: readable.length } }, () =>
    provider.send(readable),
  );
  const outcomeOf = new Map(
    readable.map(({ attemptId }, index) => [attemptId, outcomes[index] ?? lostOutcome]),
  );
  return claims.map((claim) => ({ claim, outcome: outcomeOf.get(claim.attemptId) ?? unreadable }));
}

const lostOutcome: SubmissionOutcome = { kind: 'unknown', detail: 'the adapter returned no outcome' };

/** Not posted, and its neighbours are not kept from it: another MASTER_KEY may still open it. */
const unreadable: SubmissionOutcome = {
  kind: 'unavailable',
  code: NOT_TAKEN,
  detail: 'its body does not open: wrong MASTER_KEY or changed bytes',
};

function toSubmission(dataKeys: DataKeys, { message, attemptId }: Claim, notAfter: Date): Submission | null {
  const { recipient, sender, encoding, category, mode } = message;
  try {
    const key = dataKeys.open(message.tenantId, message.dataKeyWrapped);
    const body = unseal(key, message.bodyEncrypted, message.id).toString();
    const { expiresAt } = message;
    const latest = expiresAt < notAfter ? expiresAt : notAfter;
    return { attemptId, recipient, sender, body, encoding, category, mode, notAfter: latest };
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
