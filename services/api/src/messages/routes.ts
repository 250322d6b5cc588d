import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import { currentTraceParent } from '@tollgate/shared/runtime/trace.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { type FindMessageDeps, findMessage } from './find-message.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { SendRequest } from './send-request.ts';
import {
  type Submission,
  type SubmissionResult,
  type SubmitDeps,
  submitMessages,
} from './submit-messages.ts';

export type MessageRoutesDeps = SubmitDeps & FindMessageDeps & { authenticate: Authenticate };

/** Sending and reading messages. Requests that come together are accepted in one transaction. */
export function messageRoutes(deps: MessageRoutesDeps): Router {
  const submit = createCoalescer<Submission, SubmissionResult>({
    itemsMax: 100,
    delayMsMax: 2,
    isDataError,
    run: (submissions) => submitMessages(deps, submissions),
  });
  const router = Router();

  router.post('/v1/sms/send', async (request, response) => {
    const caller = await deps.authenticate(request, 'sms:send');
    readQuery(NoQuery, request.query);
    const result = await submit({
      caller,
      request: readBody(SendRequest, request.body),
      idempotencyKey: readIdempotencyKey(request),
      traceParent: currentTraceParent() ?? null,
    });
    if (result.kind === 'refused') throw result.problem;
    if (result.kind === 'replayed') response.set('Idempotent-Replayed', 'true');
    response.status(202).location(`/v1/sms/messages/${result.answer.id}`).json(result.answer);
  });

  router.get('/v1/sms/messages/:id', async (request, response) => {
    const caller = await deps.authenticate(request, 'sms:read');
    readQuery(NoQuery, request.query);
    const messageId = fromPublicId('msg', request.params.id);
    const message = messageId && (await findMessage(deps, caller, messageId));
    if (!message) throw new Problem('not_found', `there is no message ${request.params.id}`);
    response.json(message);
  });

  return router;
}
