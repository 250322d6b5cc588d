import { closeOperatorAlert, raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { reopeningReference } from '@tollgate/shared/billing/invoice-references.ts';
import { type Reopening, reopenInvoice } from '@tollgate/shared/billing/reopen-invoice.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import type Stripe from 'stripe';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { applyInvoice } from './apply-invoice.ts';
import { findOurPushes } from './find-our-pushes.ts';
import { decideTaken, type MoneyTaken } from './money-taken.ts';
import { settleWith } from './settle-by-stripe.ts';

export type MoneyBack = {
  stripeInvoiceIds: readonly string[];
  kind: Reopening['kind'];
  description: string;
  /** What of a Stripe invoice's money is gone at the moment. */
  takenOf: (stripeInvoiceId: string) => Promise<MoneyTaken>;
};

type OneBack = Pick<MoneyBack, 'kind' | 'description'> & MoneyTaken & { invoice: Stripe.Invoice };

/**
 * Reopens our invoices whose money was taken back, or settles them again when it came back. First the
 * Stripe invoice itself is applied, so that it does not matter whether we heard of its payment before. A
 * part of the money cannot be told to be this or that item's: our invoices stay paid, and operators
 * decide. Returns what came of each invoice of ours.
 */
export async function takeMoneyBack(
  deps: ApplyEventDeps,
  { stripeInvoiceIds, takenOf, kind, description }: MoneyBack,
): Promise<string[]> {
  const outcomes: string[] = [];
  for (const stripeInvoiceId of stripeInvoiceIds) {
    await applyInvoice(deps, stripeInvoiceId);
    const ours = await findOurs(deps, stripeInvoiceId);
    if (ours.length === 0) continue;
    const invoice = await deps.stripe.invoices.retrieve(stripeInvoiceId);
    const back = { kind, description, invoice, ...(await takenOf(stripeInvoiceId)) };
    const decision = decideTaken(back);
    await tellOfPart(deps, back, { isPart: decision === 'part', tenantId: ours[0]?.tenantId ?? null });
    for (const { id: invoiceId } of ours) {
      if (decision === 'all') await reopen(deps, invoiceId, back);
      if (decision === 'none') await settleAgain(deps, invoiceId, back);
      outcomes.push(`${invoiceId} ${decision}`);
    }
  }
  return outcomes;
}

/** Our invoices that a Stripe invoice pays: by the items on it, or because it has paid them (by a meter, or carried). */
async function findOurs(
  deps: ApplyEventDeps,
  stripeInvoiceId: string,
): Promise<{ id: string; tenantId: string }[]> {
  const pushed = (await findOurPushes(deps, stripeInvoiceId)).map(({ invoiceId }) => invoiceId);
  return deps.prisma.invoice.findMany({
    where: {
      document: 'stripe',
      OR: [{ id: { in: pushed } }, { stripeInvoiceId, state: { in: ['paid', 'disputed'] } }],
    },
    select: { id: true, tenantId: true },
    orderBy: { id: 'asc' },
  });
}

/** The alert closes once nothing or everything is gone. */
async function tellOfPart(
  { prisma, clock }: ApplyEventDeps,
  { kind, description, invoice, paid, taken, reference }: OneBack,
  { isPart, tenantId }: { isPart: boolean; tenantId: string | null },
): Promise<void> {
  const alert = { kind: `stripe_partial_${kind === 'dispute' ? 'dispute' : 'refund'}`, subject: reference };
  if (!isPart) {
    await closeOperatorAlert(prisma, alert, clock.now(), 'tollgate');
    return;
  }
  const detail = `${description}: ${taken} of ${paid} ${invoice.currency} of ${invoice.id} are gone; our invoice stays paid, so take what is still owed from the credit`;
  await raiseOperatorAlert(prisma, { ...alert, tenantId, detail }, clock.now());
}

function reopen(deps: ApplyEventDeps, invoiceId: string, back: OneBack): Promise<boolean> {
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
function settleAgain(
  deps: ApplyEventDeps,
  invoiceId: string,
  { invoice, reference }: OneBack,
): Promise<boolean> {
  return inTransaction(deps, async (tx) => {
    const row = await tx.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    if (row.state !== 'disputed') return false;
    const opened = await tx.db.ledgerEntry.count({
      where: { tenantId: row.tenantId, reference: reopeningReference(invoiceId, reference) },
    });
    return opened > 0 && settleWith(tx, invoiceId, invoice, deps.clock.now());
  });
}
