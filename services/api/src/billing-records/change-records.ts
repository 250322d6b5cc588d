import { approveInvoice } from '@tollgate/shared/billing/approve-invoice.ts';
import { CreditAmountError, createCreditNote } from '@tollgate/shared/billing/create-credit-note.ts';
import { InvoiceStateError } from '@tollgate/shared/billing/invoice-states.ts';
import { reviveInvoice } from '@tollgate/shared/billing/revive-invoice.ts';
import { voidInvoice } from '@tollgate/shared/billing/void-invoice.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { collectInvoice } from '@tollgate/shared/queues/catalog.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';

export type RecordDeps = TransactionDeps & { clock: Clock };

type Decision = { invoiceId: string; by: string };

/** Issues an invoice that waits for it. Throws a Problem where its state forbids it; again changes nothing. */
export function approve(deps: RecordDeps, decision: Decision): Promise<boolean> {
  return inTransaction(deps, (tx) => tellingState(() => approveInvoice(tx, decision, deps.clock.now())));
}

/** Pushes that may still be acted upon outside. */
const liveOutside: ReadonlySet<string> = new Set(['sent', 'confirmed', 'needs_human']);
/** What asks for no money yet: the collector takes it back by itself. */
const withdrawn: ReadonlySet<string> = new Set(['invoice_item', 'draft_invoice', 'draft_item']);

/** Takes an invoice back, unless money came for it or Stripe asks for it already. */
export function voidRecord(deps: RecordDeps, voiding: Decision & { reason: string }): Promise<void> {
  return inTransaction(deps, async (tx) => {
    const pushes = await tellingState(() => voidInvoice(tx, voiding, deps.clock.now()));
    const { stripeInvoiceId } = await tx.db.invoice.findUniqueOrThrow({ where: { id: voiding.invoiceId } });
    const live = pushes.filter(({ state }) => liveOutside.has(state));
    const isAsked = stripeInvoiceId !== null || live.some(({ kind }) => !withdrawn.has(kind));
    if (live.length === 0 || !isAsked) return;
    const names = live.map(
      ({ id, stripeId }) => `${toPublicId('psh', id)}${stripeId ? ` (${stripeId})` : ''}`,
    );
    throw new Problem('conflict', `take it back at Stripe first, then discard its push: ${names.join(', ')}`);
  });
}

/** Writes a credit note; returns its id. Throws a Problem that names the amount where it does not fit. */
export function creditRecord(
  deps: RecordDeps,
  { amount, ...note }: Decision & { reason: string; amount: bigint | undefined },
): Promise<string> {
  const input = { ...note, ...(amount !== undefined && { amountMicros: amount }) };
  return inTransaction(deps, (tx) => tellingState(() => createCreditNote(tx, input, deps.clock.now())));
}

/** Lets an unpaid invoice be collected again, now. */
export function retryRecord(deps: RecordDeps, { invoiceId }: Decision): Promise<void> {
  return inTransaction(deps, async (tx) => {
    await reviveInvoice(tx.db, invoiceId, deps.clock.now());
    tx.enqueue(collectInvoice, { invoiceId });
  });
}

async function tellingState<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvoiceStateError) throw new Problem('conflict', error.message);
    if (error instanceof CreditAmountError)
      throw invalidRequest([{ pointer: '#/amount', detail: error.message }]);
    throw error;
  }
}
