import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { BillingDefaultsRequest } from './defaults-request.ts';
import { BillingDefaultsView } from './defaults-view.ts';
import { BillingSettingsRequest } from './settings-request.ts';
import { BillingSettingsView } from './settings-view.ts';

const tenantId = 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

export const billingSettingsPaths: ZodOpenApiPathsObject = {
  '/v1/billing/settings': readOperation({
    id: 'getBillingSettings',
    summary: 'How the tenant is billed',
    view: BillingSettingsView,
  }),
  '/v1/admin/tenants/{id}/billing-settings': {
    ...readOperation({
      id: 'getTenantBillingSettings',
      summary: 'How a tenant is billed',
      example: tenantId,
      view: BillingSettingsView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'changeTenantBillingSettings',
      summary: 'Change how a tenant is billed, from its next period on',
      path: { id: tenantId },
      body: BillingSettingsRequest,
      view: BillingSettingsView,
    }),
  },
  '/v1/admin/billing/settings': {
    ...readOperation({
      id: 'getBillingDefaults',
      summary: 'What new tenants begin with, and who issues invoices',
      view: BillingDefaultsView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'changeBillingDefaults',
      summary: 'Change what new tenants begin with, and who issues invoices',
      body: BillingDefaultsRequest,
      view: BillingDefaultsView,
    }),
  },
};
