import { currentTraceParent } from '@tollgate/shared/runtime/trace.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readIdempotencyKey } from '../idempotency/idempotency-key.ts';
import { warnOfUnpaid } from '../messages/check-sending-allowed.ts';
import type { SubmitDeps } from '../messages/submit-messages.ts';
import { readBody } from '../problems/read-body.ts';
import { readLargeJson } from '../problems/read-large-json.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { BatchEnvelope } from './batch-request.ts';
import { submitBatch } from './submit-batch.ts';

/** 10,000 recipients take 1 MB with a few values each, and 11 MB with a text of 1,000 letters each. */
const BODY_LIMIT = '16mb';

/** Sending to many at once. Stands before what reads other bodies, because it takes larger ones. */
export function batchSubmissionRoutes(deps: SubmitDeps & { authenticate: Authenticate }): Router {
  const router = Router();

  router.post(
    '/v1/sms/batch',
    ...readLargeJson(deps.authenticate, 'sms:send', BODY_LIMIT),
    async (request, response) => {
      readQuery(NoQuery, request.query);
      const { kind, answer } = await submitBatch(deps, {
        caller: response.locals.caller,
        request: readBody(BatchEnvelope, request.body),
        idempotencyKey: readIdempotencyKey(request),
        traceParent: currentTraceParent() ?? null,
      });
      warnOfUnpaid(response.locals.caller, deps.clock.now(), response);
      if (kind === 'replayed') response.set('Idempotent-Replayed', 'true');
      response.status(202).location(answer.links.self).json(answer);
    },
  );

  return router;
}
