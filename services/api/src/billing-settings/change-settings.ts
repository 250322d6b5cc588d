import {
  checkBillingSettings,
  type WishedSettings,
} from '@tollgate/shared/billing/check-billing-settings.ts';
import type { BillingSettings, Prisma, Tenant } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { metersAtStripe } from '@tollgate/shared/stripe/meters-at-stripe.ts';
import { invalidRequest } from '../problems/problem.ts';
import type { BillingSettingsRequest } from './settings-request.ts';

/**
 * Changes how a tenant is billed from its next period on. Throws the Problem that names each field which
 * does not fit with the others. The caller runs it in a transaction: the row is locked against another change.
 */
export async function changeBillingSettings(
  db: Db,
  tenant: Tenant,
  request: BillingSettingsRequest,
): Promise<BillingSettings> {
  const tenantId = tenant.id;
  await db.$queryRaw`SELECT 1 FROM billing_settings WHERE tenant_id = ${tenantId}::uuid FOR UPDATE`;
  const standing = await db.billingSettings.findUniqueOrThrow({ where: { tenantId } });
  const change = columnsOf(request);
  const mistakes = checkBillingSettings(await readWish(db, tenant, { ...standing, ...change }));
  if (mistakes.length > 0) {
    throw invalidRequest(mistakes.map(({ field, detail }) => ({ pointer: `#/${field}`, detail })));
  }
  return db.billingSettings.update({ where: { tenantId }, data: change });
}

type Columns = Omit<BillingSettings, 'tenantId'>;

function columnsOf(
  request: BillingSettingsRequest,
): Partial<Columns> & Prisma.BillingSettingsUncheckedUpdateInput {
  const { threshold, thresholdSegments, payer, unpaidAmount, ...same } = request;
  const given = Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined));
  return {
    ...(given as Partial<Columns>),
    ...(threshold !== undefined && { thresholdMicros: threshold }),
    ...(thresholdSegments !== undefined && {
      thresholdSegments: thresholdSegments === null ? null : BigInt(thresholdSegments),
    }),
    ...(payer !== undefined && { payerTenantId: payer }),
    ...(unpaidAmount !== undefined && { unpaidMicros: unpaidAmount }),
  };
}

async function readWish(
  db: Db,
  { id, currency, paymentTerms }: Tenant,
  settings: Columns,
): Promise<WishedSettings> {
  const { payerTenantId } = settings;
  const payer =
    payerTenantId &&
    (await db.tenant.findUnique({ where: { id: payerTenantId }, include: { billingSettings: true } }));
  if (payerTenantId && !payer)
    throw invalidRequest([{ pointer: '#/payer', detail: 'there is no such tenant' }]);
  const customer = await db.stripeCustomer.findUnique({
    where: { tenantId_currency: { tenantId: id, currency } },
  });
  return {
    tenantId: id,
    currency,
    paymentTerms: paymentTerms as WishedSettings['paymentTerms'],
    cadence: settings.cadence as WishedSettings['cadence'],
    collection: settings.collection as WishedSettings['collection'],
    thresholdMicros: settings.thresholdMicros,
    thresholdSegments: settings.thresholdSegments,
    unpaidPolicy: settings.unpaidPolicy,
    unpaidAgeDays: settings.unpaidAgeDays,
    unpaidMicros: settings.unpaidMicros,
    hasStripeCustomer: customer !== null || settings.stripeCustomerId !== null,
    hasStripeSubscription: settings.stripeSubscriptionId !== null,
    metersAtStripe: await metersAtStripe(db, { tenantId: id, currency }),
    payer: payer
      ? {
          id: payer.id,
          currency: payer.currency,
          isDeleted: payer.status === 'deleted',
          isPaidFor: payer.billingSettings?.payerTenantId != null,
        }
      : null,
    isPayer: (await db.billingSettings.count({ where: { payerTenantId: id } })) > 0,
  };
}
