import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { readOperation } from '../openapi/operation.ts';
import { type WriteOperation, writeOperation } from '../openapi/write-operation.ts';
import { PaymentMethodsView } from '../payment-methods/payment-methods.ts';
import { PageView, PortalRequest } from '../portal/open-portal.ts';
import { SubscriptionRequest } from './change-subscription.ts';
import { CardRequest } from './routes.ts';
import { SubscriptionView } from './subscription-view.ts';

/** A write that asks Stripe. */
const write = (operation: WriteOperation) =>
  writeOperation({ ...operation, by: 'apiKey', alsoRefusedWith: [503] });

export const subscriptionPaths: ZodOpenApiPathsObject = {
  '/v1/billing/subscription': {
    ...readOperation({
      id: 'getSubscription',
      summary: 'The plan and the subscription that it comes from',
      view: SubscriptionView,
    }),
    post: write({
      id: 'changeSubscription',
      summary: 'Take a plan on Stripe’s page, change it, cancel it or keep it',
      body: SubscriptionRequest,
      status: '202',
      view: SubscriptionView,
    }),
  },
  '/v1/billing/portal': {
    post: write({
      id: 'openPortal',
      summary: 'Open Stripe’s page for cards, plan and invoices',
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
    post: write({
      id: 'saveCard',
      summary: 'Open Stripe’s page to save a card without buying anything',
      body: CardRequest,
      status: '201',
      view: PageView,
    }),
  },
};
