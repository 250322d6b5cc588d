import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';

/** Numbers that nobody may be sent to, in E.164. */
export type Block = { recipients: readonly string[]; reason: string; by: string };

/** Providers with a black list of their own that is told what ours holds. */
const PROVIDERS_WITH_LISTS = ['sms-manager'];

/** Blocks numbers for every tenant, and has the providers told; those that were blocked before stay as they are. Returns how many are new. */
export async function blockNumbers(db: Db, { recipients, reason, by }: Block, at: Date): Promise<number> {
  const added = await db.$queryRaw<{ recipient: string }[]>`
    INSERT INTO blocked_numbers (recipient, reason, created_at, created_by)
    SELECT recipient, ${reason}, ${at}, ${by}
    FROM (SELECT DISTINCT unnest(${recipients}::text[]) AS recipient ORDER BY recipient) given
    ON CONFLICT (recipient) DO NOTHING
    RETURNING recipient`;
  await wishAtProviders(db, 'add', added, at);
  return added.length;
}

/** Lets a number be sent to again, and has the providers told; returns whether it was blocked. */
export async function unblockNumber(db: Db, recipient: string, at: Date): Promise<boolean> {
  const { count } = await db.blockedNumber.deleteMany({ where: { recipient } });
  if (count > 0) await wishAtProviders(db, 'remove', [{ recipient }], at);
  return count > 0;
}

/** What a provider's list should do with a number. */
export type ListWish = 'add' | 'remove';

async function wishAtProviders(
  db: Db,
  wish: ListWish,
  numbers: readonly { recipient: string }[],
  at: Date,
): Promise<void> {
  const rows = PROVIDERS_WITH_LISTS.flatMap((provider) =>
    numbers.map(({ recipient }) => ({ provider, recipient, wish })),
  );
  if (rows.length === 0) return;
  await db.$executeRaw`
    INSERT INTO provider_block_entries (provider, recipient, wish, created_at, wake_at)
    SELECT provider, recipient, wish, ${at}, ${at}
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS w(provider text, recipient text, wish text)
    ORDER BY provider, recipient
    ON CONFLICT (provider, recipient) DO UPDATE
    SET wish = EXCLUDED.wish, created_at = EXCLUDED.created_at, wake_at = EXCLUDED.wake_at, told_at = NULL,
        wake_count = 0, last_error = NULL`;
}

export type DueEntry = { provider: string; recipient: string; wish: ListWish };

/** Takes entries that a provider was not told of, and pushes their `wake_at` forward. */
export function takeDueEntries(db: Db, now: Date, limit: number): Promise<DueEntry[]> {
  return db.$queryRaw<DueEntry[]>`
    UPDATE provider_block_entries SET ${pushWakeUp(now)}
    WHERE (provider, recipient) IN (
      SELECT provider, recipient FROM provider_block_entries WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit}
      FOR UPDATE SKIP LOCKED)
    RETURNING provider, recipient, wish`;
}

/** Marks entries as told, unless another wish has come meanwhile; with `error` they stay due. */
export async function settleEntries(
  db: Db,
  entries: readonly DueEntry[],
  { at, error }: { at: Date; error: string | null },
): Promise<void> {
  if (entries.length === 0) return;
  await db.$executeRaw`
    UPDATE provider_block_entries e
    SET last_error = ${error}::text,
        told_at = CASE WHEN ${error}::text IS NULL THEN ${at}::timestamptz END,
        wake_at = CASE WHEN ${error}::text IS NULL THEN NULL ELSE e.wake_at END
    FROM jsonb_to_recordset(${jsonRows(entries)}::jsonb) AS x(provider text, recipient text, wish text)
    WHERE e.provider = x.provider AND e.recipient = x.recipient AND e.wish = x.wish AND e.told_at IS NULL`;
}
