import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { DAY_MS } from '../time/durations.ts';
import { type TestTenant, testNow } from './build-tenant.ts';

export type UnpaidInvoice = {
  totalMinor?: bigint;
  state?: 'awaiting_approval' | 'issued' | 'payment_failed' | 'disputed' | 'paid';
  issuedAt?: Date;
  document?: 'stripe' | 'ours' | 'section' | 'statement';
};

/** A billing of the tenant that nobody has paid, as far as whoever asks what is owed can tell. Returns its id. */
export async function buildUnpaidInvoice(
  db: Db,
  { id: tenantId, currency }: TestTenant,
  { totalMinor = 100_000n, state = 'issued', issuedAt = testNow, document = 'stripe' }: UnpaidInvoice = {},
): Promise<string> {
  const [id, periodId] = [newId(), newId()];
  const period = {
    id: periodId,
    tenantId,
    startsAt: new Date(issuedAt.getTime() - DAY_MS),
    endsAt: issuedAt,
  };
  const billing = {
    timeZone: 'UTC',
    cadence: 'daily',
    paymentTerms: 'postpaid',
    currency,
    collection: 'none',
  };
  await db.billingPeriod.create({
    data: { ...period, ...billing, closedAt: issuedAt, closedBy: 'schedule' },
  });
  await db.invoice.create({
    data: {
      id,
      tenantId,
      periodId,
      kind: 'usage',
      document,
      state,
      currency,
      usageMicros: 0n,
      settlesMicros: 0n,
      totalMinor,
      grossMinor: totalMinor,
      issuedAt,
      ...(state === 'paid' && { paidAt: issuedAt }),
    },
  });
  return id;
}
