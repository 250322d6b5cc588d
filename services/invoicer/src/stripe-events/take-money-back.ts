import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { reopeningReference } from '@tollgate/shared/billing/invoice-references.ts';
import { type Reopening, reopenInvoice } from '@tollgate/shared/billing/reopen-invoice.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { applyInvoice } from './apply-invoice.ts';
import { findOurPushes } from './find-our-pushes.ts';
import { settleWith } from './settle-by-stripe.ts';

export type MoneyBack = {
  stripeInvoiceIds: readonly string[];
  /** Whether the money is gone at the moment. */
  isTaken: boolean;
  kind: Reopening['kind'];
  /** One per dispute, or per payment that was refunded: its ledger entry is made once. */
  reference: string;
  description: string;
};

/**
 * Reopens our invoices whose money was taken back, or settles them again when it came back. First the
 * Stripe invoice itself is applied, so that it does not matter whether we heard of its payment before.
 * Returns how many invoices of ours are concerned.
 */
export async function takeMoneyBack(deps: ApplyEventDeps, back: MoneyBack): Promise<number> {
  let concerned = 0;
  for (const stripeInvoiceId of back.stripeInvoiceIds) {
    const pushes = await findOurPushes(deps, stripeInvoiceId);
    if (pushes.length === 0) continue;
    await applyInvoice(deps, stripeInvoiceId);
    for (const invoiceId of new Set(pushes.map((push) => push.invoiceId))) {
      concerned += 1;
      if (back.isTaken) await reopen(deps, invoiceId, back);
      else await settleAgain(deps, invoiceId, stripeInvoiceId, back);
    }
  }
  return concerned;
}

function reopen(deps: ApplyEventDeps, invoiceId: string, back: MoneyBack): Promise<boolean> {
  const { kind, reference, description } = back;
  return inTransaction(deps, async ({ db }) => {
    const now = deps.clock.now();
    const reopened = await reopenInvoice(db, { invoiceId, kind, reference, at: now, description });
    if (reopened) {
      const { tenantId } = await db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
      const detail = `${description}: invoice ${invoiceId} is unpaid again`;
      await raiseOperatorAlert(db, { kind: `stripe_${kind}`, subject: reference, tenantId, detail }, now);
    }
    return reopened;
  });
}

/** Only what this dispute or refund had opened is settled again. */
async function settleAgain(
  deps: ApplyEventDeps,
  invoiceId: string,
  stripeInvoiceId: string,
  { reference }: MoneyBack,
): Promise<boolean> {
  const invoice = await deps.stripe.invoices.retrieve(stripeInvoiceId);
  return inTransaction(deps, async (tx) => {
    const row = await tx.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    if (row.state !== 'disputed') return false;
    const opened = await tx.db.ledgerEntry.count({
      where: { tenantId: row.tenantId, reference: reopeningReference(invoiceId, reference) },
    });
    return opened > 0 && settleWith(tx, invoiceId, invoice, deps.clock.now());
  });
}
