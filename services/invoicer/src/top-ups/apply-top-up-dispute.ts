import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import {
  creditTopUpDocument,
  lockTopUpDocument,
  takeBackCreditNote,
} from '@tollgate/shared/billing/prepaid/credit-top-up-document.ts';
import { divideRounded } from '@tollgate/shared/money/round-to-minor-units.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import type Stripe from 'stripe';
import { bookMovement, findMovement } from './book-top-up-movement.ts';
import { decideDispute } from './decide-dispute.ts';
import { findPaidTopUp } from './find-paid-top-up.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Takes the credit of a top-up that a bank disputes, once, and gives it again when the money came back.
 * Its tax document is credited when the dispute is lost: until then nobody knows whether the money is
 * gone. The dispute is read again, so the order of events does not matter. Operators are told of each.
 */
export async function applyTopUpDispute(deps: StripeObjectDeps, disputeId: string): Promise<string> {
  const dispute = await deps.stripe.disputes.retrieve(disputeId);
  const intent = dispute.payment_intent;
  const topUp = await findPaidTopUp(deps, typeof intent === 'string' ? intent : (intent?.id ?? null));
  if (!topUp) return 'not ours';
  const { isWithdrawn, isReinstated } = decideDispute(dispute);
  const at = deps.clock.now();
  const share = divideRounded(BigInt(dispute.amount) * topUp.netMinor, topUp.grossMinor);
  const withdrawn = {
    kind: 'dispute',
    reference: `dispute ${disputeId} withdrawn`,
    amountMinor: -share,
    description: 'disputed top-up',
  } as const;
  const reinstated = {
    kind: 'dispute',
    reference: `dispute ${disputeId} reinstated`,
    amountMinor: share,
    description: 'dispute won',
  } as const;
  const done = await inTransaction(deps, async (tx) => {
    const { db } = tx;
    const document = await lockTopUpDocument(db, topUp.id);
    const taken = isWithdrawn && (await bookMovement(db, topUp, withdrawn, at));
    const given = isReinstated && (await bookMovement(db, topUp, reinstated, at));
    if (isOpen(dispute.status)) {
      const detail = `${dispute.amount} ${dispute.currency} of a top-up are disputed (${dispute.reason}, ${dispute.status})`;
      await raiseOperatorAlert(
        db,
        { kind: 'dispute', subject: disputeId, tenantId: topUp.tenantId, detail },
        at,
      );
    }
    const { reference } = withdrawn;
    if (given && document) await takeBackCreditNote(db, { document, reference }, at);
    const returned = { reference, netMinor: share, grossMinor: BigInt(dispute.amount) };
    const isLost = isWithdrawn && dispute.status === 'lost';
    const noted =
      isLost &&
      document !== null &&
      (await findMovement(db, topUp.tenantId, reinstated.reference)) === null &&
      (await creditTopUpDocument(tx, { document, ...returned, reason: 'dispute' }, at));
    return [
      taken ? 'credit taken' : '',
      given ? 'credit given again' : '',
      noted ? 'credit note issued' : '',
    ].filter(Boolean);
  });
  if (done.length > 0)
    deps.logger.warn({ topUpId: topUp.id, disputeId, tenantId: topUp.tenantId, done }, 'top-up disputed');
  return [dispute.status, ...done].join(', ');
}

function isOpen(status: Stripe.Dispute.Status): boolean {
  return status.endsWith('needs_response') || status.endsWith('under_review');
}
