import { percentDone, readBatchProgress } from '@tollgate/shared/batches/read-progress.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { z } from 'zod';
import { type BatchView, summariseBatch } from './batch-view.ts';

/** A batch of the tenant with how its messages stand now; null when the tenant has none with that id. */
export async function findBatch(db: Db, batchId: string): Promise<z.infer<typeof BatchView> | null> {
  const batch = await db.batch.findUnique({ where: { id: batchId } });
  if (!batch) return null;
  const { counts, chargedMicros } = await readBatchProgress(db, batchId);
  return {
    ...summariseBatch(batch),
    states: Object.fromEntries(counts),
    progress: percentDone(counts),
    charged: { amount: formatMicros(chargedMicros), currency: batch.currency },
  };
}
