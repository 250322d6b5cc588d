import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { type Cadence, endOfLocalPeriod } from '../time/local-time.ts';

/**
 * Opens the tenant's next billing period with the settings of this moment, which it keeps to its end.
 * One open period per tenant: the database refuses another one.
 */
export async function openPeriod(db: Db, tenantId: string, startsAt: Date): Promise<string> {
  const { timeZone, paymentTerms, currency, billingSettings } = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    include: { billingSettings: true },
  });
  if (!billingSettings) throw new RangeError(`tenant ${tenantId} has no billing settings`);
  const { collection, approval, thresholdMicros, thresholdSegments, planFee, payerTenantId } =
    billingSettings;
  const cadence = billingSettings.cadence as Cadence;
  const id = newId();
  await db.billingPeriod.create({
    data: {
      id,
      tenantId,
      startsAt,
      endsAt: endOfLocalPeriod(startsAt, cadence, timeZone),
      timeZone,
      cadence,
      paymentTerms,
      currency,
      collection,
      approval,
      planFee,
      payerTenantId,
      ...(cadence === 'threshold' && { thresholdMicros, thresholdSegments }),
    },
  });
  return id;
}
