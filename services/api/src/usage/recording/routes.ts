import { Router } from 'express';
import type { Authenticate } from '../../authentication/authenticate.ts';
import { readBody } from '../../problems/read-body.ts';
import { readLargeJson } from '../../problems/read-large-json.ts';
import { NoQuery, readQuery } from '../../problems/read-query.ts';
import { type RecordEventsDeps, recordEvents } from './record-events.ts';
import { UsageEnvelope } from './usage-request.ts';

export type RecordingRoutesDeps = RecordEventsDeps & { authenticate: Authenticate };

/** A thousand events take 200 kB, and 4 MB with as much metadata as is allowed on some of them. */
const BODY_LIMIT = '4mb';

/** Recording what was used. Stands before what reads other bodies, because it takes larger ones. */
export function usageRecordingRoutes(deps: RecordingRoutesDeps): Router {
  const router = Router();

  router.post(
    '/v1/billing/usage',
    ...readLargeJson(deps.authenticate, 'billing:write', BODY_LIMIT),
    async (request, response) => {
      readQuery(NoQuery, request.query);
      const { events } = readBody(UsageEnvelope, request.body);
      response.json(await recordEvents(deps, response.locals.caller, events));
    },
  );

  return router;
}
