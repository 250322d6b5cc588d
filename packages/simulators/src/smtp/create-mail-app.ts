import express, { type Express } from 'express';
import { controlRoutes } from '../common/control-routes.ts';
import { pagePolicy } from '../common/pages/page-layout.ts';
import type { FaultSwitches } from './faults/fault-switches.ts';
import type { FaultsInput } from './faults/faults.ts';
import type { MailEvent } from './mail-event.ts';
import { mailListPage, mailPage, mailPolicy } from './mail-pages.ts';
import type { MailState } from './mail-state.ts';

const shownMax = 100;
const listedMax = 10_000;

export interface CreateMailAppDeps {
  state: MailState;
  faults: FaultSwitches;
  reset: () => void;
  onEvent: (event: MailEvent) => void;
}

/** Returns the application with the control API and the pages of the mail catcher. */
export function createMailApp({ state, faults, reset, onEvent }: CreateMailAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const control = {
    faults: { current: faults.current, set: (given: unknown) => faults.set(given as FaultsInput) },
    reset,
    onError: (error: string) => onEvent({ msg: 'internal error', error }),
  };
  const routes = controlRoutes(control, (router) => {
    router.get('/messages', (_request, response) => {
      response.json({ messages: state.list('oldest first', listedMax) });
    });
  });
  app.use('/simulator', routes);
  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', pagePolicy);
    response.type('html').send(mailListPage(state.list('newest first', shownMax), faults.current()));
  });
  app.get('/messages/:id', (request, response) => {
    const mail = state.find(request.params.id);
    response.set('Content-Security-Policy', mailPolicy);
    response
      .status(mail === undefined ? 404 : 200)
      .type('html')
      .send(mail === undefined ? '<h1>No such mail</h1>' : mailPage(mail));
  });
  return app;
}
