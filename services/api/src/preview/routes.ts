import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { type PreviewDeps, previewMessage } from './preview-message.ts';
import { PreviewRequest } from './preview-request.ts';

/** Looking at a message before it is sent. */
export function previewRoutes({
  authenticate,
  ...deps
}: PreviewDeps & { authenticate: Authenticate }): Router {
  const router = Router();

  router.post('/v1/sms/preview', async (request, response) => {
    const caller = await authenticate(request, 'sms:send');
    readQuery(NoQuery, request.query);
    response.json(await previewMessage(deps, caller, readBody(PreviewRequest, request.body)));
  });

  return router;
}
