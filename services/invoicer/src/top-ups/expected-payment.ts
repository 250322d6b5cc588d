import type { TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import { z } from 'zod';
import type { ExpectedPayment } from './decide-session.ts';

const CheckoutLines = z.object({
  line_items: z.array(z.object({ price_data: z.object({ unit_amount: z.int() }), quantity: z.literal(1) })),
});
const IntentAmount = z.object({ amount: z.int() });

/** What the frozen request of a top-up asked Stripe for; what is not credit is the tax that we added. */
export function expectedPayment({ currency, netMinor, params }: TopUpRow): ExpectedPayment {
  const checkout = CheckoutLines.safeParse(params).data;
  const asked = checkout
    ? checkout.line_items.reduce((sum, { price_data }) => sum + BigInt(price_data.unit_amount), 0n)
    : BigInt(IntentAmount.safeParse(params).data?.amount ?? netMinor);
  return { currency, netMinor, ownVatMinor: asked - netMinor };
}
