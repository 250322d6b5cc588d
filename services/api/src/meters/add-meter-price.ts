import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { metersAtStripe } from '@tollgate/shared/stripe/meters-at-stripe.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { addMeterPrice } from '@tollgate/shared/usage/change-meter-prices.ts';
import type { z } from 'zod';
import { readValidity } from '../prices/read-validity.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { type MeterPriceRequest, type MeterPriceView, viewMeterPrice } from './meter-views.ts';

export type AddMeterPriceDeps = TransactionDeps & { clock: Clock };

type Wish = z.infer<typeof MeterPriceRequest>;

/** Adds a price from now or later. Throws a Problem where it does not fit what is there. */
export async function addPriceOfMeter(
  deps: AddMeterPriceDeps,
  wish: Wish,
  createdBy: string,
): Promise<z.infer<typeof MeterPriceView>> {
  await checkScope(deps, wish);
  const { meter, currency, plan: planId, tenantId, unitPrice: unitPriceMicros } = wish;
  const span = readValidity(wish, deps.clock.now());
  const price = { meter, currency, planId, tenantId, unitPriceMicros, createdBy, ...span };
  const result = await inTransaction(deps, ({ db }) => addMeterPrice(db, price));
  if (result.kind === 'added') return viewMeterPrice(result.price);
  const { id, validFrom } = result.with;
  throw new Problem(
    'conflict',
    `the price ${toPublicId('prc', id)} of the same scope begins at ${validFrom.toISOString()}: end this one there, or remove that one`,
  );
}

async function checkScope({ prisma }: AddMeterPriceDeps, wish: Wish): Promise<void> {
  const { meter, plan, tenantId, currency } = wish;
  if (meter.startsWith('sms_')) throw wrong('meter', 'SMS have a price list of their own');
  if (!(await prisma.meter.findUnique({ where: { id: meter } }))) {
    throw wrong('meter', `there is no meter ${meter}`);
  }
  if (plan !== null && !(await prisma.plan.findUnique({ where: { id: plan } }))) {
    throw wrong('plan', `there is no plan ${plan}`);
  }
  if ((await metersAtStripe(prisma, { tenantId, currency })).includes(meter)) {
    throw wrong('meter', 'a subscription bills it by a meter at Stripe: a price here would bill it again');
  }
  if (tenantId === null) return;
  const tenant = await prisma.tenant.findUnique({ where: { id: tenantId } });
  if (!tenant) throw wrong('tenantId', 'there is no such tenant');
  if (tenant.currency !== currency) throw wrong('currency', `the tenant pays in ${tenant.currency}`);
}

function wrong(field: keyof Wish, detail: string): Problem {
  return invalidRequest([{ pointer: `#/${field}`, detail }]);
}
