import { z } from 'zod';
import type { InboundMessage } from '../sms-provider.ts';
import { storableBody } from '../storable.ts';

const IncomingEvent = z.object({
  type: z.literal('incoming'),
  sender: z.string().regex(/^\+?[1-9]\d{6,14}$/),
  /** Our number; a sender's name says nothing of whose it is. */
  recipient: z
    .string()
    .regex(/^\+?[1-9]\d{2,14}$/)
    .optional()
    .catch(undefined),
  body: storableBody,
  payload: z.object({ attempt: z.uuid().optional() }).optional().catch(undefined),
});

/** Reads an inbound message; null for one that is not in the documented form. */
export function readInbound(event: unknown, attemptOfUrl: string | null): InboundMessage | null {
  const parsed = IncomingEvent.safeParse(event);
  if (!parsed.success) return null;
  const { sender, recipient, body, payload } = parsed.data;
  return {
    attemptId: payload?.attempt ?? attemptOfUrl,
    from: international(sender),
    ...(recipient !== undefined && { to: international(recipient) }),
    body,
  };
}

function international(digits: string): string {
  return `+${digits.replace('+', '')}`;
}
