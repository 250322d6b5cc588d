import { createHash } from 'node:crypto';
import { isCallbackToken } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import express, { Router } from 'express';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';
import { isSignatureValid } from './sms-manager-signature.ts';
import { createEventStore, type StoreEventsDeps } from './store-events.ts';

export type SmsManagerWebhookDeps = StoreEventsDeps & {
  masterKey: Uint8Array;
  /** The secret that signs the provider's callbacks; undefined where none is set at the provider. */
  smsManagerCallbackSecret: string | undefined;
};

/** What SMS Manager tells us of messages. */
export function smsManagerWebhook(deps: SmsManagerWebhookDeps): Router {
  const { masterKey, smsManagerCallbackSecret: secret } = deps;
  const store = createEventStore(deps, 'sms-manager', (tx, inboxIds) => {
    tx.enqueue(applyDeliveryReports, { inboxIds });
  });
  const router = Router();

  router.post(
    '/v1/webhooks/sms-manager/:token',
    express.text({ type: () => true, limit: '1mb' }),
    async (request, response) => {
      const body = typeof request.body === 'string' ? request.body : '';
      if (!isCallbackToken(String(request.params.token), masterKey)) {
        throw new Problem('not_found', 'nothing answers here');
      }
      if (secret !== undefined && !isSignatureValid(body, request.get('x-request-signature'), secret)) {
        throw new Problem('unauthenticated', 'X-Request-Signature does not fit the body');
      }
      const attempt = z.uuid().safeParse(request.query.attempt).data ?? null;
      await store({
        externalId: deliveryId(request.get('x-request-id'), body),
        body: JSON.stringify({ attempt, body }),
      });
      response.json({ received: true });
    },
  );

  return router;
}

/** The provider's id of the delivery, or the body's hash where it gives none that could be kept. */
function deliveryId(requestId: string | undefined, body: string): string {
  return storableText(200).safeParse(requestId).data ?? createHash('sha256').update(body).digest('hex');
}
