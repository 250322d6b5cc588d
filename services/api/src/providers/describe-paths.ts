import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { ProvidersView, ProviderView } from './provider-view.ts';

export const providerPaths: ZodOpenApiPathsObject = {
  '/v1/admin/providers': readOperation({
    id: 'listProviders',
    summary: 'SMS providers, and which of them are blocked',
    view: ProvidersView,
    security: operatorSession,
  }),
  '/v1/admin/providers/{name}/resume': {
    post: writeOperation({
      id: 'resumeProvider',
      summary: 'Let a blocked provider be called again',
      path: { name: 'sms-manager' },
      view: ProviderView,
    }),
  },
};
