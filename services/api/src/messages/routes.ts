import { pipeline } from 'node:stream/promises';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { currentTraceParent } from '@tollgate/shared/runtime/trace.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readIdempotencyKey } from '../idempotency/idempotency-key.ts';
import { Problem } from '../problems/problem.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { cancelMessage } from './cancel-message.ts';
import { warnOfUnpaid } from './check-sending-allowed.ts';
import { ExportQuery, exportFormats, exportMessages } from './export/export-messages.ts';
import { type FindMessageDeps, findMessage } from './find-message.ts';
import { joinSubmissions } from './join-submissions.ts';
import { listMessages, MessagesQuery } from './list-messages.ts';
import { SendRequest } from './send-request.ts';
import type { SubmitDeps } from './submit-messages.ts';

export type MessageRoutesDeps = SubmitDeps & FindMessageDeps & { authenticate: Authenticate };

/** Sending and reading messages. Requests that come together are accepted in one transaction. */
export function messageRoutes(deps: MessageRoutesDeps): Router {
  const submit = joinSubmissions(deps);
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
    warnOfUnpaid(caller, deps.clock.now(), response);
    if (result.kind === 'replayed') response.set('Idempotent-Replayed', 'true');
    response.status(202).location(`/v1/sms/messages/${result.answer.id}`).json(result.answer);
  });

  for (const path of ['/v1/sms/messages', '/v1/sms/history']) {
    router.get(path, async (request, response) => {
      const caller = await deps.authenticate(request, 'sms:read');
      response.json(await listMessages(deps, caller, readQuery(MessagesQuery, request.query)));
    });
  }

  router.get('/v1/sms/messages/export', async (request, response) => {
    const caller = await deps.authenticate(request, 'sms:read');
    const query = readQuery(ExportQuery, request.query);
    const pieces = exportMessages(deps, caller, query);
    // The first piece before the headers: what is wrong with the query can still be answered as a problem.
    const first = await pieces.next();
    response.attachment(`messages.${query.format}`).set('Content-Type', exportFormats[query.format].type);
    await pipeline(async function* () {
      if (!first.done) yield first.value;
      yield* pieces;
    }, response).catch((error: unknown) => {
      // Who went away in the middle is told nothing more; any other end is ours to know.
      if (!response.closed || !isAborted(error)) throw error;
    });
  });

  router.get('/v1/sms/messages/:id', async (request, response) => {
    const caller = await deps.authenticate(request, 'sms:read');
    readQuery(NoQuery, request.query);
    const messageId = fromPublicId('msg', request.params.id);
    const message = messageId && (await findMessage(deps, caller, messageId));
    if (!message) throw new Problem('not_found', `there is no message ${request.params.id}`);
    response.json(message);
  });

  router.post('/v1/sms/messages/:id/cancel', async (request, response) => {
    const caller = await deps.authenticate(request, 'sms:send');
    readQuery(NoQuery, request.query);
    readBody(NoBody, request.body);
    const messageId = fromPublicId('msg', request.params.id);
    const message = messageId && (await cancelMessage(deps, caller, messageId));
    if (!message) throw new Problem('not_found', `there is no message ${request.params.id}`);
    response.json(message);
  });

  return router;
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
