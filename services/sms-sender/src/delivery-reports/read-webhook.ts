import type { InboxEvent } from '@tollgate/shared/inbox/inbox.ts';
import { z } from 'zod';
import { readEvents } from '../providers/sms-manager/read-events.ts';
import type { ReadEvents } from '../providers/sms-provider.ts';
import { type CallbackContext, readCallback } from '../providers/twilio/read-callback.ts';

/** What the api stores of a webhook: its body as it came, and the attempt named in its address. */
const StoredWebhook = z.object({ attempt: z.uuid().nullable(), body: z.string() });

/** The reading of each source's webhooks; the source is the name of the provider. */
const readers: Record<string, (body: string, context: CallbackContext) => ReadEvents> = {
  'sms-manager': (body, { attempt }) => readEvents(JSON.parse(body), attempt),
  twilio: readCallback,
};

/** The sources of the inbox that are read here. */
export const reportSources: readonly string[] = Object.keys(readers);

/** What a stored webhook says; one that its provider cannot have meant is ignored. */
export function readWebhook({ source, body: stored, receivedAt }: Omit<InboxEvent, 'id'>): ReadEvents {
  const { attempt, body } = StoredWebhook.parse(JSON.parse(stored));
  try {
    return readers[source]?.(body, { attempt, receivedAt }) ?? nothing;
  } catch (error) {
    if (error instanceof SyntaxError) return nothing;
    throw error;
  }
}

const nothing: ReadEvents = { reports: [], inbound: [], ignored: 1 };
