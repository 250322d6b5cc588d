import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { ApiKeyRequest, ApiKeysView, NewApiKeyView } from './api-key-routes.ts';
import { HistoryQuery, HistoryView } from './list-history.ts';
import { TenantsQuery, TenantsView } from './list-tenants.ts';
import { OptionalReasonRequest, ReasonRequest, TenantRequest } from './tenant-request.ts';
import { TenantView, TenantWithHistory } from './tenant-view.ts';

const example = 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';
const path = { id: example };
const count = z.number().int();

const BackfillView = z
  .object({
    tenantsExamined: count,
    lifecycleInserted: count.meta({ description: 'Creations and deletions.' }),
    eventsInserted: count.meta({ description: 'All lines of history.' }),
    suspensionEventsInserted: count,
  })
  .meta({ id: 'Backfill' });

export const tenantPaths: ZodOpenApiPathsObject = {
  '/v1/admin/tenants': {
    ...readOperation({
      id: 'listTenants',
      summary: 'Tenants that fit the filters, newest first',
      query: TenantsQuery,
      view: TenantsView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'createTenant',
      summary: 'Create a tenant',
      body: TenantRequest,
      view: TenantView,
      status: '201',
    }),
  },
  '/v1/admin/tenants/{id}': {
    ...readOperation({
      id: 'getTenant',
      summary: 'One tenant with its balance and history',
      example,
      view: TenantWithHistory,
      security: operatorSession,
    }),
    delete: writeOperation({
      id: 'deleteTenant',
      summary: 'End a tenant, for good',
      path,
      body: ReasonRequest,
      view: TenantView,
    }),
  },
  '/v1/admin/tenants/{id}/history': readOperation({
    id: 'listTenantHistory',
    summary: 'What happened to a tenant, newest first',
    example,
    query: HistoryQuery,
    view: HistoryView,
    security: operatorSession,
  }),
  '/v1/admin/tenants/{id}/suspend': {
    post: writeOperation({
      id: 'suspendTenant',
      summary: 'Stop a tenant’s sending',
      path,
      body: ReasonRequest,
      view: TenantView,
    }),
  },
  '/v1/admin/tenants/{id}/resume': {
    post: writeOperation({
      id: 'resumeTenant',
      summary: 'Let a suspended tenant send again',
      path,
      body: OptionalReasonRequest,
      view: TenantView,
    }),
  },
  '/v1/admin/tenants/{id}/api-keys': {
    ...readOperation({
      id: 'listApiKeys',
      summary: 'A tenant’s API keys, newest first',
      example,
      view: ApiKeysView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'createApiKey',
      summary: 'Make an API key for a tenant',
      path,
      body: ApiKeyRequest,
      view: NewApiKeyView,
      status: '201',
    }),
  },
  '/v1/admin/tenants/{id}/api-keys/{keyId}': {
    delete: writeOperation({
      id: 'revokeApiKey',
      summary: 'Revoke an API key',
      path: { ...path, keyId: 'key_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
    }),
  },
  '/v1/admin/billing/backfill': {
    post: writeOperation({
      id: 'backfillHistory',
      summary: 'Fill in the history of tenants from before it was kept',
      view: BackfillView,
    }),
  },
};
