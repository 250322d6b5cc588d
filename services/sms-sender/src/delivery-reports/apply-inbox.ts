import { type Inbox, type InboxEvent, markApplied } from '@tollgate/shared/inbox/inbox.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { z } from 'zod';
import { type ReadEvents, readEvents } from '../providers/sms-manager/read-events.ts';
import { applyInbound } from './apply-inbound.ts';
import { type ApplyReportsDeps, applyReports } from './apply-reports.ts';

export type ApplyInboxDeps = TransactionDeps & ApplyReportsDeps & { clock: Clock; inbox: Inbox };

/** What the api stores of a webhook: its body as it came, and the attempt named in its address. */
const StoredWebhook = z.object({ attempt: z.uuid().nullable(), body: z.string() });

/** Applies stored webhooks; each is marked with what came of it, and one that is no JSON is kept too. */
export function applyInbox(deps: ApplyInboxDeps, inboxIds: readonly string[]): Promise<void> {
  const { clock, inbox } = deps;
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const now = clock.now();
    const webhooks = await inbox.claim(db, inboxIds);
    const read = webhooks.map((webhook) => ({ id: webhook.id, ...readWebhook(webhook) }));
    const { applied, repeated, unknown } = await applyReports(
      tx,
      deps,
      read.flatMap(({ reports }) => reports),
      { now, source: 'webhook' },
    );
    const optedOut = await applyInbound(
      db,
      read.flatMap(({ inbound }) => inbound),
      now,
    );
    const together = `${applied} applied, ${repeated} repeated, ${unknown} unknown, ${optedOut} opted out in ${webhooks.length} webhooks`;
    await markApplied(
      db,
      read.map(({ id, reports, inbound, ignored }) => ({
        id,
        result: `${reports.length} reports, ${inbound.length} inbound, ${ignored} ignored; ${together}`,
      })),
      now,
    );
  });
}

function readWebhook(event: InboxEvent): ReadEvents {
  const { attempt, body } = StoredWebhook.parse(JSON.parse(event.body));
  try {
    return readEvents(JSON.parse(body), attempt);
  } catch (error) {
    if (error instanceof SyntaxError) return { reports: [], inbound: [], ignored: 1 };
    throw error;
  }
}
