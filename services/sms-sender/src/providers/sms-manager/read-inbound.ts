import { z } from 'zod';
import type { InboundMessage } from '../sms-provider.ts';
import { storable } from './storable.ts';

const IncomingEvent = z.object({
  type: z.literal('incoming'),
  sender: z.string().regex(/^\+?[1-9]\d{6,14}$/),
  body: storable,
  payload: z.object({ attempt: z.uuid().optional() }).optional().catch(undefined),
});

/** Reads an inbound message; null for one that is not in the documented form. */
export function readInbound(event: unknown, attemptOfUrl: string | null): InboundMessage | null {
  const parsed = IncomingEvent.safeParse(event);
  if (!parsed.success) return null;
  const { sender, body, payload } = parsed.data;
  return { attemptId: payload?.attempt ?? attemptOfUrl, from: `+${sender.replace('+', '')}`, body };
}
