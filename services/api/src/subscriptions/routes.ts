import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { type Request, Router } from 'express';
import { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.ts';
import { listPaymentMethods } from '../payment-methods/payment-methods.ts';
import { openCardPage, openPortal, PortalRequest } from '../portal/open-portal.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { PageUrl, pageUrls } from '../top-ups/page-urls.ts';
import { type Payments, requirePayments } from '../top-ups/payments.ts';
import {
  type ChangeSubscriptionDeps,
  changeSubscription,
  SubscriptionRequest,
} from './change-subscription.ts';
import { readSubscription } from './subscription-view.ts';

export type SubscriptionRoutesDeps = ChangeSubscriptionDeps & {
  authenticate: Authenticate;
  payments?: Payments | undefined;
};

export const CardRequest = z
  .strictObject({ successUrl: PageUrl.optional(), cancelUrl: PageUrl.optional() })
  .meta({ id: 'CardRequest' });

/** A tenant's plan at Stripe, its cards, and Stripe's pages for both. */
export function subscriptionRoutes(deps: SubscriptionRoutesDeps): Router {
  const { prisma, authenticate } = deps;
  const router = Router();

  const read = async (request: Request): Promise<Caller> => {
    const caller = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    return caller;
  };
  const write = async (request: Request): Promise<Caller> => {
    const caller = await authenticate(request, 'billing:write');
    readQuery(NoQuery, request.query);
    return caller;
  };

  router.get('/v1/billing/subscription', async (request, response) => {
    const { tenantId } = await read(request);
    response.json(await withTenant(prisma, tenantId, (db) => readSubscription(db, tenantId)));
  });

  router.post('/v1/billing/subscription', async (request, response) => {
    const caller = await write(request);
    const wish = readBody(SubscriptionRequest, request.body);
    const checkoutUrl = await changeSubscription(deps, requirePayments(deps.payments, caller), caller, wish);
    const { tenantId } = caller;
    const view = await withTenant(prisma, tenantId, (db) => readSubscription(db, tenantId));
    // 202: Stripe was told, and tells us when it is so.
    response.status(202).json({ ...view, checkoutUrl });
  });

  router.post('/v1/billing/portal', async (request, response) => {
    const caller = await write(request);
    const wish = readBody(PortalRequest, request.body);
    const url = await openPortal(deps, requirePayments(deps.payments, caller), caller, wish);
    response.status(201).json({ url });
  });

  router.get('/v1/billing/payment-methods', async (request, response) => {
    const { tenantId } = await read(request);
    response.json(await withTenant(prisma, tenantId, (db) => listPaymentMethods(db, tenantId)));
  });

  router.post('/v1/billing/payment-methods', async (request, response) => {
    const caller = await write(request);
    const urls = pageUrls(deps.publicUrl, readBody(CardRequest, request.body));
    const url = await openCardPage(deps, requirePayments(deps.payments, caller), caller, urls);
    response.status(201).json({ url });
  });

  return router;
}
