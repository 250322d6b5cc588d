import express, { type Express } from 'express';
import { countRequests, type RequestCounter } from '../common/count-requests.ts';
import type { FaultSwitches } from './faults/fault-switches.ts';
import type { ReceivedMessage } from './messages/received-message.ts';
import { receivedPage } from './pages/received-page.ts';
import { type ControlRoutesDeps, controlRoutes } from './routes/control-routes.ts';
import { type RestRoutesDeps, restRoutes } from './routes/rest-routes.ts';
import { type SendRoutesDeps, sendRoutes } from './routes/send-routes.ts';

/** The endpoints whose calls are counted by name. */
export const knownEndpoints: ReadonlySet<string> = new Set([
  'POST /v2/message',
  'POST /v2/message/priority',
  'POST /v2/messages',
  'GET /v1/message',
  'GET /v1/messages',
  'GET /v1/credit',
  'GET /v1/apikey/me',
  'POST /v1/blacklist',
  'DELETE /v1/blacklist',
  'POST /v1/optout',
  'DELETE /v1/optout',
]);

export interface CreateAppDeps extends SendRoutesDeps, RestRoutesDeps, ControlRoutesDeps {
  faults: FaultSwitches;
  counter: RequestCounter;
  /** Returns the messages for the page, newest first. */
  newest: () => ReceivedMessage[];
}

/** Returns the one HTTP application that plays both hosts of the provider, the control API and the page. */
export function createApp(deps: CreateAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/v2', countRequests(deps.counter), sendRoutes(deps));
  app.use('/v1', countRequests(deps.counter), restRoutes(deps));
  app.use('/simulator', controlRoutes(deps));
  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.type('html').send(receivedPage(deps.newest(), deps.faults.current()));
  });
  return app;
}
