import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { AlertsQuery, AlertsView, AlertView } from './list-alerts.ts';

export const alertPaths: ZodOpenApiPathsObject = {
  '/v1/admin/alerts': readOperation({
    id: 'listAlerts',
    summary: 'What operators should look at, newest first',
    query: AlertsQuery,
    view: AlertsView,
    security: operatorSession,
  }),
  '/v1/admin/alerts/{id}/close': {
    post: writeOperation({
      id: 'closeAlert',
      summary: 'Close an alert',
      path: { id: 'alr_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      view: AlertView,
    }),
  },
};
