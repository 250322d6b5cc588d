import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { NewBatch, NewBatchItem } from './batch.ts';

/** Stores a batch; its messages, which name it, and its items come after it. */
export async function insertBatch(db: Db, batch: NewBatch): Promise<void> {
  await db.batch.create({ data: batch });
}

/** Stores what came of each recipient, in one statement. */
export async function insertBatchItems(
  db: Db,
  { id, tenantId }: Pick<NewBatch, 'id' | 'tenantId'>,
  items: readonly NewBatchItem[],
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO batch_items (batch_id, item_index, tenant_id, state, recipient, message_id, is_repeated,
      problem_code, problem_detail, problem_pointer)
    SELECT ${id}::uuid, "itemIndex", ${tenantId}::uuid, state, recipient, "messageId", "isRepeated",
      "problemCode", "problemDetail", "problemPointer"
    FROM jsonb_to_recordset(${jsonRows(items)}::jsonb) AS i("itemIndex" int, state text, recipient text,
      "messageId" uuid, "isRepeated" boolean, "problemCode" text, "problemDetail" text, "problemPointer" text)`;
}
