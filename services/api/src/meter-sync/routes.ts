import { tendStripe } from '@tollgate/shared/queues/catalog.ts';
import type { Producer } from '@tollgate/shared/runtime/producer.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readBody } from '../problems/read-body.ts';

const NoBody = z.strictObject({});

export const SyncView = z
  .object({ enqueued: z.literal(true) })
  .meta({ id: 'UsageSync', description: 'The usage of closed days is told to Stripe soon, each day once.' });

/** Asks for what the daily job does: the caller's usage of closed days is told to Stripe's meters. Twice is harmless. */
export function meterSyncRoutes({
  producer,
  authenticate,
}: {
  producer: Pick<Producer, 'enqueue'>;
  authenticate: Authenticate;
}): Router {
  const router = Router();
  router.post('/v1/billing/usage/sync', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:write');
    readBody(NoBody, request.body ?? {});
    await producer.enqueue(
      tendStripe,
      { task: 'meters', tenantId },
      { deduplicationId: `meters ${tenantId}` },
    );
    response.json({ enqueued: true });
  });
  return router;
}
