import { recordPurchase } from '../credit/record-purchase.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import {
  changeSmsSettings,
  createTenant,
  type NewTenant,
  type SmsSettingsChange,
} from '../tenants/create-tenant.ts';
import { createDataKeys } from '../tenants/data-keys.ts';

/** MASTER_KEY of every test. */
export const testMasterKey = Buffer.alloc(32, 'test master key');

/** Opens and makes data keys under `testMasterKey`. */
export const testDataKeys = createDataKeys(testMasterKey);

/** When tests begin, unless they say otherwise. */
export const testNow = new Date('2026-03-10T09:00:00.000Z');

export type TestTenant = Omit<NewTenant, 'dataKeyWrapped'> & { dataKeyWrapped: Uint8Array };

export type TenantOverrides = Partial<Omit<NewTenant, 'dataKeyWrapped'>> & {
  /** Bought before the test begins: 1,000 units by default. */
  balanceMicros?: bigint;
  smsSettings?: SmsSettingsChange;
};

/** A prepaid tenant on plan pro with SMS switched on and credit in its account. */
export async function buildTenant(db: Db, overrides: TenantOverrides = {}): Promise<TestTenant> {
  const { balanceMicros = 1_000_000_000n, smsSettings, ...given } = overrides;
  const id = given.id ?? newId();
  const tenant: NewTenant = {
    id,
    name: 'Bookshop',
    planId: 'pro',
    paymentTerms: 'prepaid',
    currency: 'CZK',
    defaultCountry: 'CZ',
    timeZone: 'Europe/Prague',
    dataKeyWrapped: testDataKeys.create(id),
    creditLimitMicros: 0n,
    createdAt: testNow,
    ...given,
  };
  await createTenant(db, tenant);
  await changeSmsSettings(db, id, { enabled: true, ...smsSettings }, { actor: 'test', at: tenant.createdAt });
  if (balanceMicros > 0n) {
    const { currency, createdAt } = tenant;
    const purchase = {
      tenantId: id,
      currency,
      amountMicros: balanceMicros,
      reference: `opening ${id}`,
      description: 'opening credit',
      createdBy: 'test',
    };
    await recordPurchase(db, purchase, createdAt);
  }
  return tenant;
}
