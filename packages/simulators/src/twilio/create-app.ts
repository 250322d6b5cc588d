import express, { type Express } from 'express';
import { controlRoutes } from '../common/control-routes.ts';
import { countRequests, type RequestCounts } from '../common/count-requests.ts';
import { pagePolicy } from '../common/pages/page-layout.ts';
import type { FaultsInput } from './faults/faults.ts';
import type { ReceivedMessage } from './messages/twilio-message.ts';
import { messagesPage } from './pages/messages-page.ts';
import type { Inbound } from './receive-inbound.ts';
import { accountRoute, type MessageRoutesDeps, messageRoutes } from './routes/message-routes.ts';

export interface CreateAppDeps extends MessageRoutesDeps {
  /** Returns the messages for the page, newest first. */
  newest: () => ReceivedMessage[];
  received: () => ReceivedMessage[];
  requests: () => RequestCounts;
  receive: (inbound: Inbound) => void;
  flush: () => Promise<void>;
  reset: () => void;
}

/** Returns the HTTP application that plays one account, with the control API and the page. */
export function createApp(deps: CreateAppDeps): Express {
  const { accountSid, faults, onEvent } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/2010-04-01', (request, response, next) => {
    // One name per kind of call: addresses hold SIDs.
    const name = endpointOf(request.path, accountSid);
    return countRequests({
      ...deps.counter,
      add: (_, answer) => deps.counter.add(`${request.method} ${name}`, answer),
    })(request, response, next);
  });
  app.use('/2010-04-01/Accounts', accountRoute(deps));
  app.use(`/2010-04-01/Accounts/${accountSid}`, messageRoutes(deps));
  app.use(
    '/simulator',
    controlRoutes(
      {
        faults: { current: faults.current, set: (given) => faults.set(given as FaultsInput) },
        requests: deps.requests,
        flush: deps.flush,
        reset: deps.reset,
        onError: (error) => onEvent({ msg: 'internal error', error }),
      },
      (router) => {
        router.get('/messages', (_request, response) => void response.json({ messages: deps.received() }));
        router.post('/inbound', (request, response) => {
          deps.receive(request.body);
          response.status(204).end();
        });
      },
    ),
  );
  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', pagePolicy);
    response.type('html').send(messagesPage(deps.newest(), faults.current()));
  });
  return app;
}

function endpointOf(path: string, accountSid: string): string {
  const own = path.replace(`/Accounts/${accountSid}/`, '');
  return own.startsWith('Messages/') ? 'Messages/:sid.json' : own === 'Messages.json' ? own : 'Account';
}
