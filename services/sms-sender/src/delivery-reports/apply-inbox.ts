import { type Inbox, type InboxEvent, markApplied } from '@tollgate/shared/inbox/inbox.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { ReadEvents } from '../providers/sms-provider.ts';
import { applyInbound, type ReceivedInbound } from './apply-inbound.ts';
import { type ApplyReportsDeps, applyReports } from './apply-reports.ts';
import { readWebhook } from './read-webhook.ts';

export type ApplyInboxDeps = TransactionDeps &
  ApplyReportsDeps & { clock: Clock; inbox: Inbox; dataKeys: DataKeys };

/** Applies stored webhooks of any provider; each is marked with what came of it, and one that cannot be read is kept too. */
export function applyInbox(deps: ApplyInboxDeps, inboxIds: readonly string[]): Promise<void> {
  const { clock, inbox } = deps;
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const now = clock.now();
    const webhooks = await inbox.claim(db, inboxIds);
    const read = webhooks.map(readStored);
    const { applied, repeated, unknown } = await applyReports(
      tx,
      deps,
      read.flatMap(({ source, reports }) => reports.map((report) => ({ ...report, provider: source }))),
      { now, source: 'webhook' },
    );
    const received = await applyInbound(db, deps.dataKeys, read.flatMap(inboundOf), now);
    const together = `${applied} applied, ${repeated} repeated, ${unknown} unknown, ${received.stored} stored, ${received.optedOut} opted out in ${webhooks.length} webhooks`;
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

type StoredEvents = ReadEvents & Pick<InboxEvent, 'id' | 'source' | 'receivedAt'>;

function readStored(event: InboxEvent): StoredEvents {
  const { id, source, receivedAt } = event;
  return { id, source, receivedAt, ...readWebhook(event) };
}

function inboundOf({ id: inboxId, source: provider, receivedAt, inbound }: StoredEvents): ReceivedInbound[] {
  return inbound.map((message, position) => ({ ...message, provider, inboxId, position, receivedAt }));
}
