import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { BillingDetailsRequest } from './details-request.ts';
import { BillingDetailsView } from './details-view.ts';
import { VatCheckRequest } from './routes.ts';

const example = 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

export const billingDetailsPaths: ZodOpenApiPathsObject = {
  '/v1/billing/details': {
    ...readOperation({
      id: 'getBillingDetails',
      summary: 'Who the tenant is on its documents',
      view: BillingDetailsView,
    }),
    post: writeOperation({
      id: 'changeBillingDetails',
      summary: 'Say who the tenant is on its documents from now on',
      body: BillingDetailsRequest,
      view: BillingDetailsView,
      by: 'apiKey',
    }),
  },
  '/v1/admin/tenants/{id}/billing-details': readOperation({
    id: 'getTenantBillingDetails',
    summary: 'Who a tenant is on its documents',
    example,
    view: BillingDetailsView,
    security: operatorSession,
  }),
  '/v1/admin/tenants/{id}/vat-check': {
    post: writeOperation({
      id: 'noteVatCheck',
      summary: 'Note whether the tenant’s VAT id is valid',
      path: { id: example },
      body: VatCheckRequest,
      view: BillingDetailsView,
    }),
  },
};
