import { type Inbox, type InboxEvent, markApplied } from '@tollgate/shared/inbox/inbox.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { z } from 'zod';
import { readReports } from '../providers/sms-manager/read-reports.ts';
import { applyReports } from './apply-reports.ts';
import type { ReportSource } from './poll-schedule.ts';

export type ApplyInboxDeps = TransactionDeps & { clock: Clock; inbox: Inbox; reportSource: ReportSource };

/** What the api stores of a webhook: its body as it came, and the attempt named in its address. */
const StoredWebhook = z.object({ attempt: z.uuid().nullable(), body: z.string() });

/** Applies stored webhooks; each is marked with what came of it, and one that is no JSON is kept too. */
export function applyInbox(deps: ApplyInboxDeps, inboxIds: readonly string[]): Promise<void> {
  const { clock, inbox, reportSource } = deps;
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const now = clock.now();
    const events = await inbox.claim(db, inboxIds);
    const read = events.map((event) => ({ id: event.id, ...readEvent(event) }));
    const { applied, repeated, unknown } = await applyReports(
      tx,
      read.flatMap(({ reports }) => reports),
      { now, source: 'webhook', reportSource },
    );
    const together = `${applied} applied, ${repeated} repeated, ${unknown} unknown in ${events.length} webhooks`;
    await markApplied(
      db,
      read.map(({ id, reports, ignored }) => ({
        id,
        result: `${reports.length} reports, ${ignored} ignored; ${together}`,
      })),
      now,
    );
  });
}

function readEvent(event: InboxEvent): ReturnType<typeof readReports> {
  const { attempt, body } = StoredWebhook.parse(JSON.parse(event.body));
  try {
    return readReports(JSON.parse(body), attempt);
  } catch (error) {
    if (error instanceof SyntaxError) return { reports: [], ignored: 1 };
    throw error;
  }
}
