import type { Db } from '../runtime/database.ts';

/** How a local day's events become its quantity: added up, the highest, or the latest of them. */
export const aggregations = ['sum', 'max', 'last'] as const;
export type Aggregation = (typeof aggregations)[number];

export type Meter = {
  id: string;
  name: string;
  /** For people: segment, call, MB. */
  unit: string;
  aggregation: Aggregation;
  /** Recorded by the gateway itself, never through the API. */
  isInternal: boolean;
};

/** The meter of requests that API keys made. */
export const REQUEST_METER = 'api_request';

/**
 * Every meter, by its id. Fees and plans are written as usage too, under meters with a colon in their
 * name; they are no rows here, and add up.
 */
export async function readMeters(db: Db): Promise<Map<string, Meter>> {
  const rows = await db.meter.findMany();
  return new Map(rows.map((row) => [row.id, { ...row, aggregation: row.aggregation as Aggregation }]));
}

/** The meters whose events are readings of a level (max, last), which are not added up. */
export async function listReadingMeters(db: Db): Promise<string[]> {
  const rows = await db.meter.findMany({ where: { aggregation: { not: 'sum' } }, select: { id: true } });
  return rows.map(({ id }) => id);
}
