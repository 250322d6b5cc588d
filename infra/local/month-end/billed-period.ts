import type { Judgement } from './judgement.ts';
import { combine, waiting, wrong } from './judgement.ts';

/** A tenant's period that the story closes, and all that our books say of it. */
export type BilledPeriod = {
  tenant: string;
  currency: string;
  /** Whether what is owed is collected through Stripe; false for a tenant that pays in advance. */
  isCollected: boolean;
  startsAt: Date;
  timeZone: string;
  isClosed: boolean;
  /** Those that are not void. */
  invoices: BilledInvoice[];
};

export type BilledInvoice = {
  id: string;
  document: string;
  state: string;
  usageMicros: bigint;
  settlesMicros: bigint;
  totalMinor: bigint;
  stripeInvoiceNumber: string | null;
  pushes: { state: string; stripeId: string | null; lastError: string | null }[];
  /** The ledger entries that its payment made. */
  paymentsMicros: bigint[];
  /** The mails that tell of it, by the id of their notification. */
  notificationIds: string[];
};

/** Those whose usage is asked for through Stripe; the others get a statement, as their own credit covered it. */
export function collectedOf(periods: readonly BilledPeriod[]): BilledPeriod[] {
  return periods.filter(({ invoices }) => invoices.some(({ document }) => document === 'stripe'));
}

/** Judges the one invoice of each period; a period without one is missing it, one with two is wrong. */
export function judgeEach(
  periods: readonly BilledPeriod[],
  otherwise: string,
  judge: (invoice: BilledInvoice, period: BilledPeriod) => Judgement,
): Judgement {
  return combine(
    periods.map((period) => {
      const [invoice, ...others] = period.invoices;
      if (others.length > 0)
        return wrong(`${period.tenant} has ${others.length + 1} invoices for one period`);
      return invoice === undefined ? waiting(`${period.tenant} has no invoice`) : judge(invoice, period);
    }),
    otherwise,
  );
}
