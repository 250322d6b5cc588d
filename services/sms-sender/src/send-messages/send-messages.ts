import { unseal } from '@tollgate/shared/encryption/seal.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inSpan } from '@tollgate/shared/runtime/trace.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import type { SmsProvider, Submission } from '../providers/sms-provider.ts';
import { type Claim, type ClaimDeps, claimAndReserve } from './claim-and-reserve.ts';
import { type SettleDeps, settle } from './settle.ts';

export type SendMessagesDeps = ClaimDeps &
  SettleDeps & { provider: SmsProvider; dataKeys: DataKeys; logger: Logger };

/**
 * Hands due messages over to the provider. Credit is held before the call and resolved after it, in
 * two short transactions, so that a crash between them leaves an open attempt that the sweeper sees.
 */
export async function sendMessages(deps: SendMessagesDeps, ids: readonly string[]): Promise<void> {
  const claims = await claimAndReserve(deps, ids);
  if (claims.length === 0) return;
  const submissions = claims.map((claim) => toSubmission(deps.dataKeys, claim));
  const outcomes = await inSpan(`${deps.provider.name} send`, { attributes: { count: claims.length } }, () =>
    deps.provider.send(submissions),
  );
  const settlements = claims.map((claim, index) => ({ claim, outcome: outcomes[index] ?? lostOutcome }));
  const steps = await settle(deps, settlements);
  for (const { message, move } of steps) {
    deps.logger.info({ messageId: message.id, state: move.state, failure: move.lastFailure }, 'handed over');
  }
}

const lostOutcome = { kind: 'unknown', detail: 'the adapter returned no outcome' } as const;

function toSubmission(dataKeys: DataKeys, { message, attemptId }: Claim): Submission {
  const { recipient, sender, encoding, category, mode } = message;
  const key = dataKeys.open(message.tenantId, message.dataKeyWrapped);
  const body = unseal(key, message.bodyEncrypted, message.id).toString();
  return { attemptId, recipient, sender, body, encoding, category, mode };
}
