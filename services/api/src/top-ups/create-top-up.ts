import { findAnswers, storeAnswers } from '@tollgate/shared/idempotency/idempotency.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { CheckoutUnavailableError, openCheckout } from '@tollgate/shared/stripe/open-checkout.ts';
import { checkTopUpAmount, type TopUpAmount } from '@tollgate/shared/stripe/top-up-limits.ts';
import { insertTopUp, readTopUp, type TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { z } from 'zod';
import { keyRef, keyUsedForAnother } from '../idempotency/idempotency-key.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { PageUrl, pageUrls } from './page-urls.ts';
import { askStripe, type Payments } from './payments.ts';

export const TopUpRequest = z
  .strictObject({
    amount: DecimalMicros.meta({
      override: { type: 'string', example: '500.00' },
      description: 'The credit to buy, before tax, in the currency of the account.',
    }),
    successUrl: PageUrl.optional().meta({ description: 'Where to go after the payment.' }),
    cancelUrl: PageUrl.optional().meta({ description: 'Where to go without one.' }),
    saveCard: z.boolean().default(false).meta({ description: 'Keep the card for automatic top-ups.' }),
  })
  .meta({ id: 'TopUpRequest' });

export type TopUpRequest = z.infer<typeof TopUpRequest>;

export type CreateTopUpDeps = TransactionDeps & { clock: Clock; publicUrl: string };

/**
 * Stores a top-up and opens its page at Stripe. Where Stripe does not answer in time the row stays, and
 * the page is opened soon after: the same Idempotency-Key then finds it. Returns whether it was there before.
 */
export async function createTopUp(
  deps: CreateTopUpDeps,
  payments: Payments,
  {
    caller,
    request,
    idempotencyKey,
  }: { caller: Caller; request: TopUpRequest; idempotencyKey: string | null },
): Promise<{ topUp: TopUpRow; isReplayed: boolean }> {
  const { tenantId, currency } = caller;
  const checked = checkTopUpAmount(request.amount, currency);
  if (!checked.fits) throw refuseAmount(checked, currency);
  const stored = await store(deps, { caller, request, idempotencyKey, netMinor: checked.netMinor });
  try {
    const topUp = await askStripe(() => openCheckout({ ...deps, ...payments }, stored.id));
    return { topUp, isReplayed: stored.isReplayed };
  } catch (error) {
    if (!(error instanceof CheckoutUnavailableError)) throw error;
    const topUp = await readTopUp(deps.prisma, stored.id);
    if (!topUp) throw new Problem('internal', `top-up ${stored.id} of ${tenantId} is gone`);
    return { topUp, isReplayed: stored.isReplayed };
  }
}

async function store(
  deps: CreateTopUpDeps,
  wish: { caller: Caller; request: TopUpRequest; idempotencyKey: string | null; netMinor: bigint },
): Promise<{ id: string; isReplayed: boolean }> {
  const { caller, request, idempotencyKey, netMinor } = wish;
  const { tenantId, currency, apiKeyId } = caller;
  const now = deps.clock.now();
  const id = newId();
  const asked = { ...request, amount: formatMicros(request.amount) };
  const ref = idempotencyKey === null ? null : keyRef(caller, idempotencyKey, { topUp: asked });
  return inTransaction(deps, async ({ db }) => {
    if (ref !== null) {
      const first = await storeAnswers(db, [{ ...ref, resourceId: id, response: { topUpId: id } }], now);
      if (!first.has(id)) {
        const [answer] = await findAnswers(db, [ref]);
        if (answer?.requestHash !== ref.requestHash) throw keyUsedForAnother();
        return { id: z.object({ topUpId: z.uuid() }).parse(answer.response).topUpId, isReplayed: true };
      }
    }
    const params = { ...pageUrls(deps.publicUrl, request), saveCard: request.saveCard };
    const createdBy = toPublicId('key', apiKeyId);
    await insertTopUp(db, { id, tenantId, currency, kind: 'checkout', netMinor, params, createdBy }, now);
    return { id, isReplayed: false };
  });
}

/** The refusal of an amount that cannot be bought. */
export function refuseAmount(
  { reason, limits }: Extract<TopUpAmount, { fits: false }>,
  currency: string,
  field = 'amount',
): Problem {
  const text = {
    currency: () => `credit cannot be bought with a card in ${currency}`,
    fraction: () => `has more decimals than ${currency} has`,
    too_small: () => `is less than ${formatMicros(limits?.smallestMicros ?? 0n)} ${currency}`,
    too_large: () => `is more than ${formatMicros(limits?.largestMicros ?? 0n)} ${currency}`,
  };
  return invalidRequest([{ pointer: `#/${field}`, detail: text[reason]() }]);
}
