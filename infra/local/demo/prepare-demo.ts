import { recordPurchase } from '@tollgate/shared/credit/record-purchase.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { upsertOperator } from '@tollgate/shared/operators/operators.ts';
import { type Database, openDatabase } from '@tollgate/shared/runtime/database.ts';
import { databaseCode } from '@tollgate/shared/runtime/failure.ts';
import { apiScopes, createApiKey, findCallers } from '@tollgate/shared/tenants/api-keys.ts';
import { changeSmsSettings, createTenant } from '@tollgate/shared/tenants/create-tenant.ts';
import { createDataKeys, type DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import type { Secrets } from '../secrets.ts';
import { readDemoKeys, writeDemoKeys } from './demo-keys.ts';
import { type DemoTenant, demoOperator, demoTenants } from './demo-tenants.ts';

export type DemoSettings = { databaseUrl: string; secrets: Secrets; keysFile: string; now: Date };

/** A demo tenant and the API key it calls with. */
export type DemoCaller = DemoTenant & { apiKey: string };

/** Makes tenants, credit, keys and the operator of the demonstration; what is there already stays as it is. */
export async function prepareDemo({
  databaseUrl,
  secrets,
  keysFile,
  now,
}: DemoSettings): Promise<DemoCaller[]> {
  const database = openDatabase({
    url: databaseUrl,
    applicationName: 'tollgate-start',
    connectionsMax: 2,
  });
  try {
    const dataKeys = createDataKeys(Buffer.from(secrets.masterKey, 'base64'));
    for (const tenant of demoTenants) await ensureTenant(database, dataKeys, tenant, now);
    await upsertOperator(database.prisma, {
      ...demoOperator,
      password: secrets.operatorPassword,
      createdAt: now,
    });
    return await ensureKeys(database, keysFile, now);
  } finally {
    await database.close();
  }
}

async function ensureTenant({ prisma }: Database, dataKeys: DataKeys, demo: DemoTenant, now: Date) {
  const { body: _body, purchaseMicros, ...tenant } = demo;
  const dataKeyWrapped = dataKeys.create(tenant.id);
  await unlessThere(() =>
    prisma.$transaction(async (db) => {
      await createTenant(db, { ...tenant, dataKeyWrapped, createdAt: now });
      await changeSmsSettings(db, tenant.id, { enabled: true });
    }),
  );
  if (purchaseMicros === 0n) return;
  const purchase = {
    tenantId: tenant.id,
    currency: tenant.currency,
    amountMicros: purchaseMicros,
    reference: 'demo-purchase',
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
    const newKey = { id: newId(), tenantId: tenant.id, name: 'Demo', mode: 'live', scopes: apiScopes } as const;
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
