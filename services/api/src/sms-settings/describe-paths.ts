import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { PlanRequest, PlanView } from './plan-routes.ts';
import { SettingsRequest } from './settings-request.ts';
import { SettingsView } from './settings-view.ts';

export const smsSettingsPaths: ZodOpenApiPathsObject = {
  '/v1/sms/settings': {
    ...readOperation({
      id: 'getSmsSettings',
      summary: 'What may be sent, and what this month has used of it',
      view: SettingsView,
    }),
    post: writeOperation({
      id: 'changeSmsSettings',
      summary: 'Change what may be sent',
      body: SettingsRequest,
      view: SettingsView,
      by: 'apiKey',
    }),
  },
  '/v1/admin/tenants/{id}/plan': {
    post: writeOperation({
      id: 'changePlan',
      summary: 'Put a tenant on a plan',
      path: { id: 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      body: PlanRequest,
      view: PlanView,
    }),
  },
};
