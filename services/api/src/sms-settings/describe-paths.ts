import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, readOperation } from '../openapi/operation.ts';
import { SettingsRequest } from './settings-request.ts';
import { SettingsView } from './settings-view.ts';

const changeSummary = 'Change what may be sent';

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
};
