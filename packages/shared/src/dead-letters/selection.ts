import { Prisma } from '../generated/prisma/client.ts';

/** Which letters are meant: those that fit everything that is given. */
export type Selection = {
  id?: string | undefined;
  queue?: string | undefined;
  failureClass?: string | undefined;
  fingerprint?: string | undefined;
  /** Letters in which something of this tenant is at stake. */
  tenantId?: string | undefined;
  /** Buried at or after this instant. */
  since?: Date | undefined;
  /** Buried before this instant. */
  until?: Date | undefined;
};

/** The condition of a selection on `dead_letters d`; true where nothing is given. */
export function fits(selection: Selection): Prisma.Sql {
  const { id, queue, failureClass, fingerprint, tenantId, since, until } = selection;
  const conditions = [
    id === undefined ? null : Prisma.sql`d.id = ${id}::uuid`,
    queue === undefined ? null : Prisma.sql`d.queue = ${queue}`,
    failureClass === undefined ? null : Prisma.sql`d.failure_class = ${failureClass}`,
    fingerprint === undefined ? null : Prisma.sql`d.fingerprint = ${fingerprint}`,
    tenantId === undefined
      ? null
      : Prisma.sql`d.id IN (SELECT dead_letter_id FROM dead_letter_stakes WHERE tenant_id = ${tenantId}::uuid)`,
    since === undefined ? null : Prisma.sql`d.created_at >= ${since}`,
    until === undefined ? null : Prisma.sql`d.created_at < ${until}`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' AND ');
}
