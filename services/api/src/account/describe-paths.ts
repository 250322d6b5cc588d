import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { CurrentPricesView } from '../prices/current-prices.ts';
import { AccountView, ResumeRequest } from './account-view.ts';
import { AlertSettingsRequest, AlertSettingsView } from './alert-settings.ts';

export const accountPaths: ZodOpenApiPathsObject = {
  '/v1/account': readOperation({
    id: 'getAccount',
    summary: 'The account and how it stands',
    view: AccountView,
  }),
  '/v1/account/pause': {
    post: writeOperation({
      id: 'pauseAccount',
      summary: 'Stop the account’s own sending',
      view: AccountView,
      by: 'apiKey',
    }),
  },
  '/v1/account/resume-request': {
    post: writeOperation({
      id: 'requestResume',
      summary: 'Ask operators to resume the account',
      body: ResumeRequest,
      view: AccountView,
      by: 'apiKey',
    }),
  },
  '/v1/billing/prices': readOperation({
    id: 'getPrices',
    summary: 'What messages cost now, by country',
    view: CurrentPricesView,
  }),
  '/v1/billing/alerts': {
    ...readOperation({
      id: 'getAlerts',
      summary: 'When the account is warned, and what of now',
      view: AlertSettingsView,
    }),
    post: writeOperation({
      id: 'changeAlerts',
      summary: 'Change when the account is warned',
      body: AlertSettingsRequest,
      view: AlertSettingsView,
      by: 'apiKey',
    }),
  },
};
