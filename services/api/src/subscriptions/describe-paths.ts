import type { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, readOperation } from '../openapi/operation.ts';
import { PaymentMethodsView } from '../payment-methods/payment-methods.ts';
import { PageView, PortalRequest } from '../portal/open-portal.ts';
import { SubscriptionRequest } from './change-subscription.ts';
import { CardRequest } from './routes.ts';
import { SubscriptionView } from './subscription-view.ts';

const content = (schema: z.ZodType) => ({ 'application/json': { schema } });

const write = (
  id: string,
  summary: string,
  { body, status, view }: { body: z.ZodType; status: '201' | '202'; view: z.ZodType },
): ZodOpenApiOperationObject => ({
  operationId: id,
  summary,
  requestBody: { required: true, content: content(body) },
  responses: {
    [status]: { description: summary, content: content(view) },
    ...problems(400, 401, 403, 409, 415, 429, 500, 503),
  },
});

export const subscriptionPaths: ZodOpenApiPathsObject = {
  '/v1/billing/subscription': {
    ...readOperation({
      id: 'getSubscription',
      summary: 'The plan and the subscription that it comes from',
      view: SubscriptionView,
    }),
    post: write('changeSubscription', 'Take a plan on Stripe’s page, change it, cancel it or keep it', {
      body: SubscriptionRequest,
      status: '202',
      view: SubscriptionView,
    }),
  },
  '/v1/billing/portal': {
    post: write('openPortal', 'Open Stripe’s page for cards, plan and invoices', {
      body: PortalRequest,
      status: '201',
      view: PageView,
    }),
  },
  '/v1/billing/payment-methods': {
    ...readOperation({
      id: 'listPaymentMethods',
      summary: 'The cards that are saved',
      view: PaymentMethodsView,
    }),
    post: write('saveCard', 'Open Stripe’s page to save a card without buying anything', {
      body: CardRequest,
      status: '201',
      view: PageView,
    }),
  },
};
