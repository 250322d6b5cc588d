import type { Db } from '../runtime/database.ts';

export type Backfill = {
  tenantsExamined: number;
  /** Lines that tenants were created or deleted. */
  lifecycleInserted: number;
  /** All lines. */
  eventsInserted: number;
  /** Lines that tenants are suspended. */
  suspensionEventsInserted: number;
};

/**
 * Fills in the history of tenants from before it was kept, marked as such: that each was created, whether
 * SMS is switched on, and whether it is suspended or deleted now. When that happened is not known, but for
 * the creation; `at` stands for it. Once filled in, nothing is inserted again.
 */
export async function backfillHistory(db: Db, actor: string, at: Date): Promise<Backfill> {
  // Two at once would both find the lines missing; only those of creation and deletion are unique.
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('tollgate backfill tenant history', 0))::text`;
  const tenantsExamined = await db.tenant.count();
  const rows = await db.$queryRaw<{ kind: string; count: bigint }[]>`
    WITH missing AS (
      SELECT t.id AS tenant_id, 'created' AS kind, jsonb_build_object('plan', t.plan_id) AS detail, t.created_at AS occurred_at
      FROM tenants t
      UNION ALL
      SELECT t.id, 'sms_enabled', '{}'::jsonb, ${at}
      FROM tenants t JOIN sms_settings s ON s.tenant_id = t.id AND s.enabled
      UNION ALL
      SELECT t.id, 'suspended', jsonb_strip_nulls(jsonb_build_object('reason', t.suspension_reason)), ${at}
      FROM tenants t WHERE t.status = 'suspended'
      UNION ALL
      SELECT t.id, 'deleted', '{}'::jsonb, ${at} FROM tenants t WHERE t.status = 'deleted'
    ), inserted AS (
      INSERT INTO tenant_events (id, tenant_id, kind, actor, detail, occurred_at, is_backfilled)
      SELECT gen_random_uuid(), m.tenant_id, m.kind, ${actor}, m.detail, m.occurred_at, true
      FROM missing m
      WHERE NOT EXISTS (SELECT 1 FROM tenant_events e WHERE e.tenant_id = m.tenant_id AND e.kind = m.kind)
      RETURNING kind
    )
    SELECT kind, count(*) AS count FROM inserted GROUP BY kind`;
  const inserted = (...kinds: string[]) =>
    rows.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { count }) => sum + Number(count), 0);
  return {
    tenantsExamined,
    lifecycleInserted: inserted('created', 'deleted'),
    eventsInserted: inserted('created', 'sms_enabled', 'suspended', 'deleted'),
    suspensionEventsInserted: inserted('suspended'),
  };
}
