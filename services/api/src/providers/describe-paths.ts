import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, problems, readOperation } from '../openapi/operation.ts';
import { ProvidersView, ProviderView } from './provider-view.ts';

const resumeSummary = 'Let a blocked provider be called again';

export const providerPaths: ZodOpenApiPathsObject = {
  '/v1/admin/providers': readOperation({
    id: 'listProviders',
    summary: 'SMS providers, and which of them are blocked',
    view: ProvidersView,
    security: operatorSession,
  }),
  '/v1/admin/providers/{name}/resume': {
    post: {
      operationId: 'resumeProvider',
      summary: resumeSummary,
      security: operatorSession,
      requestParams: { path: z.object({ name: z.string().meta({ example: 'sms-manager' }) }) },
      responses: {
        '200': { description: resumeSummary, content: { 'application/json': { schema: ProviderView } } },
        ...problems(400, 401, 403, 404, 500),
      },
    },
  },
};
