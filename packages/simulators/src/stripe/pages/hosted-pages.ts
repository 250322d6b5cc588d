import express, { type Response, Router } from 'express';
import { z } from 'zod';
import { pagePolicy } from '../../common/pages/page-layout.ts';
import type { Account } from '../account/account.ts';
import { type WithAccountDeps, withAccount } from '../calls/with-account.ts';
import {
  completeSession,
  type PageMethod,
  pageMethods,
  settleSession,
} from '../checkout/complete-session.ts';
import { changeInPortal, type PortalChange } from '../portal/change-in-portal.ts';
import { StripeRefusal } from '../wire/stripe-refusal.ts';
import { checkoutPage } from './checkout-page.ts';
import { portalPage } from './portal-page.ts';

const Choice = z.object({ with: z.enum(Object.keys(pageMethods) as [PageMethod, ...PageMethod[]]) });
const Settlement = z.object({ paid: z.enum(['yes', 'no']) });
const id = z.string().max(100);
const Change = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add_card'), card: id }),
  z.object({ do: z.enum(['make_default', 'remove_card']), method: id }),
  z.object({ do: z.enum(['cancel', 'resume']), subscription: id }),
  z.object({ do: z.literal('switch'), subscription: id, price: id }),
]);

const byCustomer = { requestId: null, idempotencyKey: null };

/** Returns the pages that customers are sent to: Checkout and the portal, with what their buttons do. */
export function hostedPages(deps: WithAccountDeps): Router {
  const { objects } = deps.state;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '16kb' });
  const page = (response: Response, body: string | undefined) => {
    response.set('Content-Security-Policy', pagePolicy);
    response
      .status(body === undefined ? 404 : 200)
      .type('html')
      .send(body ?? '<h1>No such page</h1>');
  };
  const change = (work: (account: Account) => void): string | undefined => {
    try {
      withAccount(deps, byCustomer, work);
      return undefined;
    } catch (error) {
      if (error instanceof StripeRefusal) return error.message;
      throw error;
    }
  };

  router.get('/checkout/:id', (request, response) =>
    page(response, checkoutPage(objects, request.params.id, undefined)),
  );
  router.post('/checkout/:id/pay', form, (request, response) => {
    const choice = Choice.safeParse(request.body).data?.with;
    const session = objects.find('checkout.session', request.params.id);
    if (choice === undefined || session === undefined) return page(response, undefined);
    const refused = change((account) => {
      completeSession(account, account.get('checkout.session', session.id), choice);
    });
    const paid = objects.find('checkout.session', session.id);
    if (paid?.status === 'complete' && refused === undefined) {
      const url = paid.success_url?.replaceAll('{CHECKOUT_SESSION_ID}', paid.id);
      return response.redirect(303, url ?? `/checkout/${paid.id}`);
    }
    page(response, checkoutPage(objects, session.id, refused ?? 'Your card was declined.'));
  });
  router.post('/checkout/:id/settle', form, (request, response) => {
    const paid = Settlement.safeParse(request.body).data?.paid;
    const session = objects.find('checkout.session', request.params.id);
    if (paid === undefined || session === undefined) return page(response, undefined);
    const refused = change((account) => {
      settleSession(account, account.get('checkout.session', session.id), paid === 'yes');
    });
    page(response, checkoutPage(objects, session.id, refused));
  });
  router.get('/portal/:id', (request, response) =>
    page(response, portalPage(objects, request.params.id, undefined)),
  );
  router.post('/portal/:id', form, (request, response) => {
    const wish = Change.safeParse(request.body).data;
    const session = objects.find('billing_portal.session', request.params.id);
    if (wish === undefined || session === undefined) return page(response, undefined);
    const refused = change((account) => changeInPortal(account, session, wish as PortalChange));
    page(response, portalPage(objects, session.id, refused));
  });
  return router;
}
