import { createHash } from 'node:crypto';
import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Inbox, NewInboxEvent } from '@tollgate/shared/inbox/inbox.ts';
import { isCallbackToken } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import express, { Router } from 'express';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { isSignatureValid } from './sms-manager-signature.ts';

export type WebhookRoutesDeps = TransactionDeps & {
  clock: Clock;
  inbox: Inbox;
  masterKey: Uint8Array;
  /** The secret that signs the provider's callbacks; undefined where none is set at the provider. */
  smsManagerCallbackSecret: string | undefined;
};

/** The sweeper applies what its job did not within this time. */
const FIRST_WAKE_UP_MS = 10 * SECOND_MS;

/** What the provider tells us: checked, stored as it came, answered at once, applied by a job. */
export function webhookRoutes(deps: WebhookRoutesDeps): Router {
  const { clock, masterKey, smsManagerCallbackSecret: secret } = deps;
  const store = createCoalescer<NewInboxEvent, undefined>({
    itemsMax: 100,
    delayMsMax: 2,
    isDataError,
    run: (events) => storeEvents(deps, events),
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
      const now = clock.now();
      await store({
        id: newId(clock),
        source: 'sms-manager',
        externalId: request.get('x-request-id') ?? createHash('sha256').update(body).digest('hex'),
        body: JSON.stringify({ attempt, body }),
        receivedAt: now,
        wakeAt: new Date(now.getTime() + FIRST_WAKE_UP_MS),
      });
      response.json({ received: true });
    },
  );

  return router;
}

async function storeEvents(deps: WebhookRoutesDeps, events: readonly NewInboxEvent[]): Promise<undefined[]> {
  await inTransaction(deps, async (tx) => {
    const inboxIds = await deps.inbox.store(tx.db, events);
    if (inboxIds.length > 0) tx.enqueue(applyDeliveryReports, { inboxIds });
  });
  return events.map(() => undefined);
}
