import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { z } from 'zod';
import { csvRow } from '../../messages/export/csv.ts';
import { type UsageEventView, viewEvent } from './event-view.ts';
import { type EventPosition, eventFilterParameters, findEvents } from './list-events.ts';

export const eventExportFormats = {
  csv: { type: 'text/csv; charset=utf-8; header=present', write: writeCsv },
  jsonl: { type: 'application/jsonl; charset=utf-8', write: writeJsonLines },
} as const;

export const EventExportQuery = z.strictObject({
  ...eventFilterParameters,
  format: z.enum(['csv', 'jsonl']).default('csv').meta({
    description: 'csv with a header line, or one JSON object a line.',
  }),
});

/** So many events are in memory at a time. */
const EVENTS_AT_A_TIME = 500;

/**
 * The tenant's usage that fits, newest first, as text, piece by piece: each piece is read when the one
 * before it was taken. Throws a Problem, before the first piece, for a query against itself.
 */
export async function* exportEvents(
  prisma: PrismaClient,
  tenantId: string,
  { format, ...query }: z.infer<typeof EventExportQuery>,
): AsyncGenerator<string> {
  const { write } = eventExportFormats[format];
  let after: EventPosition | undefined;
  for (let isFirst = true; isFirst || after; isFirst = false) {
    const rows = await findEvents(prisma, tenantId, query, { limit: EVENTS_AT_A_TIME, after });
    yield write(rows.map(viewEvent), isFirst);
    after = rows.length === EVENTS_AT_A_TIME ? rows.at(-1) : undefined;
  }
}

function writeJsonLines(events: readonly UsageEventView[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

const csvColumns = {
  id: ({ id }) => id,
  meter: ({ meter }) => meter,
  key: ({ key }) => key,
  corrects: ({ corrects }) => corrects,
  messageId: ({ messageId }) => messageId,
  quantity: ({ quantity }) => quantity,
  currency: ({ currency }) => currency,
  unitPrice: ({ unitPrice }) => unitPrice,
  amount: ({ amount }) => amount,
  country: ({ country }) => country,
  user: ({ user }) => user,
  resource: ({ resource }) => resource,
  campaign: ({ campaign }) => campaign,
  metadata: ({ metadata }) => metadata && JSON.stringify(metadata),
  occurredAt: ({ occurredAt }) => occurredAt,
  recordedAt: ({ recordedAt }) => recordedAt,
} satisfies Record<string, (event: UsageEventView) => string | number | null>;

function writeCsv(events: readonly UsageEventView[], isFirst: boolean): string {
  const header = isFirst ? csvRow(Object.keys(csvColumns)) : '';
  const rows = events.map((event) => csvRow(Object.values(csvColumns).map((read) => read(event))));
  return header + rows.join('');
}
