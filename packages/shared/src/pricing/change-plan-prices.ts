import type { PlanPrice } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { decidePriceChange } from './decide-price-change.ts';

export type NewPlanPrice = Omit<PlanPrice, 'id'>;

export type AddedPlanPrice = { kind: 'added'; price: PlanPrice } | { kind: 'overlaps'; with: PlanPrice };

/** Adds what a plan costs, and ends the price of the same currency and interval that it takes the place of. */
export async function addPlanPrice(db: Db, price: NewPlanPrice): Promise<AddedPlanPrice> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('tollgate plan prices', 0))::text`;
  const { planId, currency, interval, validFrom } = price;
  const standing = await db.planPrice.findMany({ where: { planId, currency, interval } });
  const decided = decidePriceChange(standing, price);
  if (decided.kind === 'overlaps') {
    return { kind: 'overlaps', with: standing.find(({ id }) => id === decided.id) as PlanPrice };
  }
  await db.planPrice.updateMany({ where: { id: { in: decided.ends } }, data: { validUntil: validFrom } });
  return { kind: 'added', price: await db.planPrice.create({ data: { id: newId(), ...price } }) };
}
