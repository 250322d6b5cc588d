import { newId } from '../../ids/ids.ts';
import type { Db } from '../../runtime/database.ts';
import type { Transaction } from '../../runtime/transaction.ts';
import { insertInvoice } from '../invoices.ts';
import { issueInvoice } from '../issue-invoice.ts';
import type { OpenPeriod } from '../periods.ts';
import { stampRollups } from '../rollups.ts';
import { type Bill, composeBill } from './compose-bill.ts';
import { notifyOfUsage } from './notify-of-usage.ts';
import { readBillFacts } from './read-bill-facts.ts';

export type BilledPeriod = { period: OpenPeriod; isFinal: boolean; now: Date };

/**
 * Makes the invoice, statement or section of a period that the caller holds: takes its roll-ups and the
 * sections that wait for it, and issues it unless it waits for approval. Returns its id, or null when
 * there is nothing to say. Nothing may follow in the transaction: the number is taken last.
 */
export async function billPeriod(tx: Transaction, billed: BilledPeriod): Promise<string | null> {
  const { period, now } = billed;
  const { db } = tx;
  const facts = await readBillFacts(db, billed);
  const bill = composeBill(facts);
  if (!bill) return null;
  const invoice = await storeDraft(db, billed, bill);
  await notifyOfUsage(tx, { period, rollups: facts.rollups, invoice: { ...bill, id: invoice.id }, now });
  // A statement asks for nothing, so there is nothing to approve.
  if (period.approval === 'automatic' || bill.document === 'statement') await issueInvoice(tx, invoice, now);
  return invoice.id;
}

async function storeDraft(db: Db, { period, now }: BilledPeriod, bill: Bill) {
  const { lines, rollupIds, sectionIds, ...amounts } = bill;
  const invoice = {
    id: newId(),
    tenantId: period.tenantId,
    periodId: period.id,
    kind: 'usage' as const,
    state: 'awaiting_approval' as const,
    currency: period.currency,
    ...amounts,
    issuedAt: now,
    wakeAt: null,
  };
  await insertInvoice(db, invoice, lines);
  await stampRollups(db, rollupIds, invoice.id);
  if (sectionIds.length > 0)
    await db.invoice.updateMany({ where: { id: { in: sectionIds } }, data: { payerInvoiceId: invoice.id } });
  return invoice;
}
