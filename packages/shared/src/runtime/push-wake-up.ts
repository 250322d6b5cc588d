import { Prisma } from '../generated/prisma/client.ts';

/**
 * The columns that a sweep sets on the rows it takes: `wake_at` goes forward by a minute, and twice as
 * long each time a wake-up led to nothing, up to about an hour, so that a row whose job is waiting is
 * not woken again and again.
 */
export function pushWakeUp(now: Date): Prisma.Sql {
  return Prisma.sql`
    wake_at = ${now}::timestamptz + interval '60 seconds' * power(2, least(wake_count, 6)), wake_count = wake_count + 1`;
}
