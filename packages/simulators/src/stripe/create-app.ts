import express, { type Express } from 'express';
import { endpointOf } from '../common/count-requests.ts';
import { pagePolicy } from '../common/pages/page-layout.ts';
import { type StripeRoutesDeps, stripeRoutes } from './calls/stripe-routes.ts';
import { type StripeControlDeps, stripeControl } from './control/stripe-control.ts';
import { operations } from './operations.ts';
import { accountPage } from './pages/account-page.ts';
import { hostedPages } from './pages/hosted-pages.ts';
import { invoicePage } from './pages/invoice-page.ts';

/** The endpoints whose calls are counted by name. */
export const knownEndpoints: ReadonlySet<string> = new Set(
  operations.map(({ method, path }) => endpointOf(method, path)),
);

export interface CreateAppDeps extends StripeRoutesDeps, StripeControlDeps {}

/** Returns the one HTTP application that plays Stripe, the control API and the pages. */
export function createApp(deps: CreateAppDeps): Express {
  const { state, faults } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/simulator', stripeControl(deps));
  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', pagePolicy);
    response.type('html').send(accountPage(state, faults.current()));
  });
  app.get('/invoices/:id', (request, response) => {
    const page = invoicePage(state.objects, request.params.id);
    response.set('Content-Security-Policy', pagePolicy);
    response
      .status(page === undefined ? 404 : 200)
      .type('html')
      .send(page ?? '<h1>No such invoice</h1>');
  });
  app.use(hostedPages(deps));
  app.use(stripeRoutes(deps));
  return app;
}
