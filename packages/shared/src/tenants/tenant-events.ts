import type { Prisma } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';

export const tenantEventKinds = [
  'created',
  'plan_changed',
  'sms_enabled',
  'sms_disabled',
  'suspended',
  'resumed',
  'resume_requested',
  'deleted',
] as const;
export type TenantEventKind = (typeof tenantEventKinds)[number];

export type NewTenantEvent = {
  tenantId: string;
  kind: TenantEventKind;
  /** An operator's e-mail, an API key's public id, or "tollgate". */
  actor: string;
  detail?: Prisma.InputJsonObject;
};

/**
 * Writes a line of a tenant's history, in the transaction of the change that it tells of. A tenant is
 * created once and deleted once: another line of those is refused by the database.
 */
export async function recordTenantEvent(
  db: Db,
  { tenantId, kind, actor, detail = {} }: NewTenantEvent,
  at: Date,
): Promise<void> {
  await db.tenantEvent.create({ data: { id: newId(), tenantId, kind, actor, detail, occurredAt: at } });
}
