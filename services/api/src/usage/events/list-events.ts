import { Prisma, type PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { z } from 'zod';
import { CursorInstant, defineCursor } from '../../pagination/cursor.ts';
import { cutPage, pageEnd } from '../../pagination/page.ts';
import { wholeNumber } from '../../pagination/whole-number.ts';
import { storableText } from '../../problems/storable-text.ts';
import { readTimeZone } from '../../time-range/read-time-zone.ts';
import { readWishedRange, spanParameters } from '../read-span.ts';
import { type FoundEvent, UsageEventView, viewEvent } from './event-view.ts';

const cursor = defineCursor('usage-events', z.object({ occurredAt: CursorInstant, id: z.uuid() }));

/** What a list or an export may be narrowed by. */
export const eventFilterParameters = {
  ...spanParameters,
  meter: storableText(63).optional().meta({ example: 'call_made' }),
  country: storableText(2).optional().meta({ example: 'CZ' }),
  user: storableText(100).optional(),
  resource: storableText(100).optional(),
  campaign: storableText(100).optional(),
  key: storableText(200).optional().meta({ description: 'Your own key of the event.' }),
};

export const UsageEventsQuery = z.strictObject({
  ...eventFilterParameters,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

const FilterQuery = z.object(eventFilterParameters);
export type FilterQuery = z.infer<typeof FilterQuery>;

export const UsageEventsView = z
  .object({ events: z.array(UsageEventView), ...pageEnd })
  .meta({ id: 'UsageEvents' });

/** The tenant's usage that fits, newest first. Throws a Problem for a query against itself. */
export async function listEvents(
  prisma: PrismaClient,
  tenantId: string,
  { limit, cursor: after, ...query }: z.infer<typeof UsageEventsQuery>,
): Promise<z.infer<typeof UsageEventsView>> {
  const rows = await findEvents(prisma, tenantId, query, {
    limit: limit + 1,
    after: after && { occurredAt: new Date(after.occurredAt), id: after.id },
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    events: page.map(viewEvent),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      cursor.after({ occurredAt: continueAfter.occurredAt.toISOString(), id: continueAfter.id }),
  };
}

export type EventPosition = { occurredAt: Date; id: string };

/** One page of what fits, read as the tenant. */
export function findEvents(
  prisma: PrismaClient,
  tenantId: string,
  query: FilterQuery,
  page: { limit: number; after?: EventPosition | undefined },
): Promise<FoundEvent[]> {
  return withTenant(prisma, tenantId, async (db) =>
    readEvents(db, tenantId, conditionsOf(query, await readTimeZone(db, tenantId)), page),
  );
}

function conditionsOf(query: FilterQuery, timeZone: string): Prisma.Sql[] {
  const { from, to, month, meter, country, user, resource, campaign, key } = query;
  const { startsAt, endsAt } = readWishedRange({ from, to, month }, timeZone);
  return [
    ...(startsAt ? [Prisma.sql`occurred_at >= ${startsAt}`] : []),
    ...(endsAt ? [Prisma.sql`occurred_at < ${endsAt}`] : []),
    ...(meter === undefined ? [] : [Prisma.sql`meter = ${meter}`]),
    ...(country === undefined ? [] : [Prisma.sql`country = ${country}`]),
    ...(user === undefined ? [] : [Prisma.sql`user_id = ${user}`]),
    ...(resource === undefined ? [] : [Prisma.sql`resource = ${resource}`]),
    ...(campaign === undefined ? [] : [Prisma.sql`campaign = ${campaign}`]),
    ...(key === undefined ? [] : [Prisma.sql`source_id = ${key}`]),
  ];
}

/** Fees are kept as usage too, under meters with a colon in their name; they are on invoices, not here. */
function readEvents(
  db: Db,
  tenantId: string,
  conditions: readonly Prisma.Sql[],
  { limit, after }: { limit: number; after?: EventPosition | undefined },
): Promise<FoundEvent[]> {
  const continued = after ? [Prisma.sql`(occurred_at, id) < (${after.occurredAt}, ${after.id}::uuid)`] : [];
  const where = Prisma.join([Prisma.sql`strpos(meter, ':') = 0`, ...conditions, ...continued], ' AND ');
  return db.$queryRaw<FoundEvent[]>`
    SELECT id, meter, source_id AS "sourceId", corrects_source_id AS "correctsSourceId", quantity, currency,
           unit_price_micros AS "unitPriceMicros", amount_micros AS "amountMicros", country, campaign,
           user_id AS "userId", resource, metadata, occurred_at AS "occurredAt", recorded_at AS "recordedAt"
    FROM usage_events
    WHERE tenant_id = ${tenantId}::uuid AND ${where}
    ORDER BY occurred_at DESC, id DESC
    LIMIT ${limit}`;
}
