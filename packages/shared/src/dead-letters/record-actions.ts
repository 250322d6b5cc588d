import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { DeadLetterAction } from './dead-letter.ts';
import type { Selection } from './selection.ts';

/** What one request did; the letters that it resolved share its id. */
export type Operation = {
  id: string;
  action: DeadLetterAction;
  /** An operator's e-mail, "cli <user>", or "tollgate". */
  actor: string;
  reason?: string | undefined;
  /** What was asked for: one letter, a group or a filter. */
  selection?: Selection;
};

/** Writes the operation into the audit of each letter. */
export async function recordActions(
  db: Db,
  operation: Operation,
  deadLetterIds: readonly string[],
  at: Date,
): Promise<void> {
  const { id, action, actor, reason = null } = operation;
  const selection = operation.selection === undefined ? null : JSON.stringify(operation.selection);
  const rows = deadLetterIds.map((deadLetterId) => ({ id: newId(), deadLetterId }));
  await db.$executeRaw`
    INSERT INTO dead_letter_actions (id, dead_letter_id, operation_id, action, actor, reason, selection, at)
    SELECT id, "deadLetterId", ${id}::uuid, ${action}, ${actor}, ${reason}, ${selection}::jsonb, ${at}
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS a(id uuid, "deadLetterId" uuid)`;
}
