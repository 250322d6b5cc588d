import type { Db } from '@tollgate/shared/runtime/database.ts';
import { minimumCharge } from './minimum-charge.ts';
import type { Push } from './pushes.ts';
import type { InvoiceSource } from './read-source.ts';

/** One item each; far below what fits on one invoice beside its own lines. */
const DEFERRED_MAX = 100;

/** What a customer owes below the minimum, locked: it goes on the customer's next invoice. */
export async function findDeferred(
  db: Db,
  { customer, currency }: { customer: string; currency: string },
): Promise<Push[]> {
  const locked = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM stripe_pushes p
    JOIN invoices i ON i.id = p.invoice_id
    WHERE p.customer = ${customer} AND p.state = 'deferred' AND i.currency = ${currency}
      AND i.state IN ('issued', 'payment_failed', 'disputed')
    ORDER BY p.id LIMIT ${DEFERRED_MAX}
    FOR UPDATE OF p`;
  const rows = await db.stripePush.findMany({
    where: { id: { in: locked.map(({ id }) => id) } },
    orderBy: { id: 'asc' },
  });
  return rows as unknown as Push[];
}

/** Whether an invoice reaches Stripe's minimum, with all that waits for one. By the amounts before tax. */
export function planDeferral(
  { totalMinor, currency }: Pick<InvoiceSource, 'totalMinor' | 'currency'>,
  deferred: readonly Pick<Push, 'params'>[],
): 'send' | 'defer' {
  const waiting = deferred.reduce((sum, { params }) => sum + BigInt(Number(params.amount)), 0n);
  return totalMinor + waiting < minimumCharge(currency) ? 'defer' : 'send';
}
