import { createHash } from 'node:crypto';
import type { InvoiceLine } from '@tollgate/shared/billing/invoices.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';

/** What is sent to `POST /v1/invoiceitems`, frozen in the push row before the call. */
export type ItemParams = {
  customer: string;
  subscription: string;
  currency: string;
  amount: number;
  description: string;
  discountable: false;
  /** Unix seconds, both ends inclusive. */
  period: { start: number; end: number };
  metadata: Record<'push_id' | 'tenant_id' | 'invoice_id' | 'params_hash', string>;
};

export type ItemSource = {
  pushId: string;
  tenantId: string;
  invoiceId: string;
  customer: string;
  subscription: string;
  currency: string;
  totalMinor: bigint;
  startsAt: Date;
  endsAt: Date;
  lines: readonly Pick<InvoiceLine, 'description' | 'quantity' | 'kind'>[];
};

/** Stripe's limit is 5,000 characters; a line of an invoice wants to be read. */
const DESCRIPTION_LENGTH_MAX = 500;

/**
 * The usage of a period as one item on the subscription's next invoice: the total that we rounded
 * once, so that Stripe's arithmetic cannot differ from ours. Metadata finds it again after a doubt.
 */
export function buildItem(source: ItemSource): ItemParams {
  const { pushId, tenantId, invoiceId, customer, subscription, currency, totalMinor, startsAt, endsAt } =
    source;
  const params = {
    customer,
    subscription,
    currency: currency.toLowerCase(),
    amount: toSafeNumber(totalMinor),
    description: describe(source),
    discountable: false as const,
    period: {
      start: Math.floor(startsAt.getTime() / SECOND_MS),
      end: Math.floor(endsAt.getTime() / SECOND_MS) - 1,
    },
  };
  const hash = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 32);
  const metadata = { push_id: pushId, tenant_id: tenantId, invoice_id: invoiceId, params_hash: hash };
  return { ...params, metadata };
}

/** Key of the n-th attempt; the same attempt always carries the same key. */
export function itemKey(pushId: string, attempt: number): string {
  return `tollgate:invoice_item:${pushId}:a${attempt}`;
}

function describe({ lines, startsAt, endsAt }: ItemSource): string {
  const days = [startsAt, new Date(endsAt.getTime() - 1)].map((at) =>
    at.toISOString().slice(0, 'YYYY-MM-DD'.length),
  );
  const parts = lines.map(({ kind, quantity, description }) =>
    kind === 'covered_by_credit' ? description.toLowerCase() : `${quantity} × ${description}`,
  );
  return `Usage ${days.join(' to ')}: ${parts.join('; ')}`.slice(0, DESCRIPTION_LENGTH_MAX);
}

/** Stripe takes amounts as JSON numbers of minor units, at most 12 digits. */
function toSafeNumber(amountMinor: bigint): number {
  if (amountMinor > 999_999_999_999n)
    throw new RangeError(`${amountMinor} minor units are more than Stripe takes`);
  return Number(amountMinor);
}
