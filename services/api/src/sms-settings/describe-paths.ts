import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, problems, readOperation } from '../openapi/operation.ts';
import { PlanRequest, PlanView } from './plan-routes.ts';
import { SettingsRequest } from './settings-request.ts';
import { SettingsView } from './settings-view.ts';

const changeSummary = 'Change what may be sent';
const planSummary = 'Put a tenant on a plan';

export const smsSettingsPaths: ZodOpenApiPathsObject = {
  '/v1/sms/settings': {
    ...readOperation({
      id: 'getSmsSettings',
      summary: 'What may be sent, and what this month has used of it',
      view: SettingsView,
    }),
    post: {
      operationId: 'changeSmsSettings',
      summary: changeSummary,
      requestBody: { required: true, content: { 'application/json': { schema: SettingsRequest } } },
      responses: {
        '200': { description: changeSummary, content: { 'application/json': { schema: SettingsView } } },
        ...problems(400, 401, 403, 500),
      },
    },
  },
  '/v1/admin/tenants/{id}/plan': {
    post: {
      operationId: 'changePlan',
      summary: planSummary,
      security: operatorSession,
      requestParams: {
        path: z.object({ id: z.string().meta({ example: 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }) }),
      },
      requestBody: { required: true, content: { 'application/json': { schema: PlanRequest } } },
      responses: {
        '200': { description: planSummary, content: { 'application/json': { schema: PlanView } } },
        ...problems(400, 401, 403, 404, 500),
      },
    },
  },
};
