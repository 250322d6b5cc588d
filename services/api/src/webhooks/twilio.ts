import { createHash } from 'node:crypto';
import { TWILIO_INBOUND_PATH, TWILIO_STATUS_PATH } from '@tollgate/shared/inbox/twilio-callback.ts';
import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { createEventStore, type StoreEventsDeps } from './store-events.ts';
import { isTwilioSignatureValid } from './twilio-signature.ts';

export type TwilioWebhookDeps = StoreEventsDeps & {
  /** Where the outside reaches us: what Twilio signs, whatever a proxy makes of it. */
  publicUrl: string;
  /** The account's auth token, which signs; without it there are no such addresses. */
  twilioAuthToken: string | undefined;
};

/** What Twilio tells us of messages, and what people write to its numbers. */
export function twilioWebhook(deps: TwilioWebhookDeps): Router {
  const { publicUrl, twilioAuthToken: authToken } = deps;
  const router = Router();
  if (authToken === undefined) return router;
  const store = createEventStore(deps, 'twilio', (tx, inboxIds) => {
    tx.enqueue(applyDeliveryReports, { inboxIds });
  });

  const take: RequestHandler = async (request, response) => {
    const body = typeof request.body === 'string' ? request.body : '';
    const url = `${publicUrl.replace(/\/$/, '')}${request.originalUrl}`;
    const signature = request.get('x-twilio-signature');
    if (!isTwilioSignatureValid({ url, body, signature }, authToken)) {
      throw new Problem('unauthenticated', 'X-Twilio-Signature does not fit the address and the body');
    }
    const attempt = z.uuid().safeParse(request.query.attempt).data ?? null;
    // Twilio names no delivery: the same words to the same address are the same event.
    const externalId = createHash('sha256').update(`${request.originalUrl}\n${body}`).digest('hex');
    await store({ externalId, body: JSON.stringify({ attempt, body }) });
    // An answer with a body would be read as instructions.
    response.status(204).end();
  };
  const readText = express.text({ type: () => true, limit: '64kb' });
  router.post(TWILIO_STATUS_PATH, readText, take);
  router.post(TWILIO_INBOUND_PATH, readText, take);

  return router;
}
