import { readAccount } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros } from '@tollgate/shared/credit/fit-within-credit.ts';
import { recordPurchase } from '@tollgate/shared/credit/record-purchase.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { upsertOperator } from '@tollgate/shared/operators/operators.ts';
import type { Database } from '@tollgate/shared/runtime/database.ts';
import { databaseCode } from '@tollgate/shared/runtime/failure.ts';
import { apiScopes, createApiKey, findCallers } from '@tollgate/shared/tenants/api-keys.ts';
import {
  type BillingSettings,
  changeSmsSettings,
  createTenant,
} from '@tollgate/shared/tenants/create-tenant.ts';
import { createDataKeys, type DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import type Stripe from 'stripe';
import type { Secrets } from '../secrets.ts';
import { readDemoKeys, writeDemoKeys } from './demo-keys.ts';
import { type DemoTenant, demoOperator, demoTenants, needsPurchase } from './demo-tenants.ts';
import { ensureSubscription } from './ensure-subscription.ts';

export type DemoSettings = {
  database: Database;
  stripe: Stripe;
  secrets: Secrets;
  keysFile: string;
  now: Date;
};

/** A demo tenant and the API key it calls with. */
export type DemoCaller = DemoTenant & { apiKey: string };

/**
 * Makes tenants, their subscription at Stripe, credit, keys and the operator of the demonstration; what is there
 * already stays as it is.
 */
export async function prepareDemo(settings: DemoSettings): Promise<DemoCaller[]> {
  const { database, stripe, secrets, keysFile, now } = settings;
  const dataKeys = createDataKeys(Buffer.from(secrets.masterKey, 'base64'));
  for (const tenant of demoTenants) {
    // Before the tenant, whose first billing period keeps the settings that it was opened with.
    const billing = await completeBilling(stripe, tenant);
    await ensureTenant(database, dataKeys, { ...tenant, billing }, now);
    await ensureBilling(database, tenant.id, billing);
    await ensureCredit(database, tenant, now);
  }
  const { prisma } = database;
  await upsertOperator(prisma, { ...demoOperator, password: secrets.operatorPassword, createdAt: now });
  return ensureKeys(database, keysFile, now);
}

async function completeBilling(stripe: Stripe, tenant: DemoTenant): Promise<DemoTenant['billing']> {
  const { id: tenantId, planPriceMinor, billing } = tenant;
  if (planPriceMinor === null) return billing;
  const subscriber = { ...tenant, tenantId, planPriceMinor, email: billing.email };
  return { ...billing, ...(await ensureSubscription(stripe, subscriber)) };
}

async function ensureTenant({ prisma }: Database, dataKeys: DataKeys, demo: DemoTenant, now: Date) {
  const { body: _body, purchaseMicros: _purchaseMicros, planPriceMinor: _planPriceMinor, ...tenant } = demo;
  const dataKeyWrapped = dataKeys.create(tenant.id);
  await unlessThere(() =>
    prisma.$transaction(async (db) => {
      await createTenant(db, { ...tenant, dataKeyWrapped, createdAt: now });
      await changeSmsSettings(db, tenant.id, { enabled: true }, { actor: 'tollgate', at: now });
    }),
  );
}

// Tenants of a version without billing have settings that nobody has filled in, and a subscription may have ended
// at Stripe since; the next period keeps what is written here.
async function ensureBilling({ prisma }: Database, tenantId: string, billing: BillingSettings) {
  const { stripeCustomerId, stripeSubscriptionId } = billing;
  await prisma.billingSettings.updateMany({ where: { tenantId, email: null }, data: billing });
  if (stripeCustomerId === undefined || stripeSubscriptionId === undefined) return;
  await prisma.billingSettings.updateMany({
    where: { tenantId, stripeSubscriptionId: { not: stripeSubscriptionId } },
    data: { stripeCustomerId, stripeSubscriptionId },
  });
}

// One purchase at the first start, and another whenever the starts since have used it up. The number of entries
// makes its reference, so that a start that was killed half-way does not buy twice.
async function ensureCredit({ prisma }: Database, tenant: DemoTenant, now: Date): Promise<void> {
  const { id: tenantId, currency, purchaseMicros } = tenant;
  const account = await readAccount(prisma, { tenantId, currency });
  if (account === null || !needsPurchase(purchaseMicros, availableMicros(account))) return;
  const purchase = {
    tenantId,
    currency,
    amountMicros: purchaseMicros,
    reference: `demo-purchase-${account.entryCount}`,
    description: 'Credit for the demonstration',
    createdBy: 'npm start',
  };
  await unlessThere(() => prisma.$transaction((db) => recordPurchase(db, purchase, now)));
}

async function ensureKeys({ prisma }: Database, keysFile: string, now: Date): Promise<DemoCaller[]> {
  const kept = readDemoKeys(keysFile);
  const known = await findCallers(prisma, Object.values(kept), now);
  const callers: DemoCaller[] = [];
  for (const tenant of demoTenants) {
    const keptKey = kept[tenant.id];
    const isValid = known.some((caller) => caller?.tenantId === tenant.id);
    const newKey = {
      id: newId(),
      tenantId: tenant.id,
      name: 'Demo',
      mode: 'live',
      scopes: apiScopes,
    } as const;
    const apiKey =
      keptKey !== undefined && isValid ? keptKey : await createApiKey(prisma, { ...newKey, createdAt: now });
    callers.push({ ...tenant, apiKey });
  }
  writeDemoKeys(keysFile, Object.fromEntries(callers.map(({ id, apiKey }) => [id, apiKey])));
  return callers;
}

// Every row of the demonstration has a fixed key, so the database tells what an earlier start has made.
async function unlessThere(make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  return databaseCode(error) === '23505';
}
