import type { Barred } from '@tollgate/shared/guards/fit-within-guards.ts';
import type { Guard } from '@tollgate/shared/guards/guard-rules.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';

const spans: Record<Guard, string> = {
  minute: 'a minute',
  day: 'a day',
  month: 'a month',
  country_day: 'a day to this country',
  recipient_day: 'a day to this recipient',
};

/** Which limit keeps a message back, for people. */
export function describeLimit({
  message: { currency },
  window: { guard },
  limit,
  unit,
  neverFits,
}: Barred<{ currency: string }>): string {
  const amount = unit === 'segments' ? `${limit} segments` : `${formatMicros(limit)} ${currency}`;
  const what = `the limit of ${amount} ${spans[guard]}`;
  return neverFits ? `it is larger than ${what}` : `${what} is reached`;
}
