import { insertBatch } from '../batches/insert-batch.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { type TestTenant, testNow } from './build-tenant.ts';

/** A batch of the tenant for messages to belong to; returns its id. */
export async function buildBatch(db: Db, { id: tenantId, currency }: TestTenant): Promise<string> {
  const id = newId();
  const counts = { itemCount: 1, acceptedCount: 1, repeatedCount: 0, refusedCount: 0, segments: 1 };
  const rest = { campaign: null, currency, priceMicros: 0n, sendAt: null, createdAt: testNow };
  await insertBatch(db, { id, tenantId, mode: 'live', ...counts, ...rest });
  return id;
}
