import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { ReportQuery, ReportView } from '../reports/month-report.ts';
import { EventExportQuery } from './events/export-events.ts';
import { UsageEventsQuery, UsageEventsView } from './events/list-events.ts';
import { MeterUsageQuery, MeterUsageView } from './meter-usage.ts';
import { UsageAnswer, UsageRequest } from './recording/usage-request.ts';
import { UsageTotalsQuery, UsageTotalsView } from './usage-totals.ts';

const exportSummary = 'Usage that fits the filters, as a file';
const meterUsage = readOperation({
  id: 'getMeterUsage',
  summary: 'What was used of one meter, by group',
  query: MeterUsageQuery,
  view: MeterUsageView,
}).get;

export const usagePaths: ZodOpenApiPathsObject = {
  '/v1/billing/usage': {
    ...readOperation({
      id: 'getUsage',
      summary: 'What was used in a span of time, by group',
      query: UsageTotalsQuery,
      view: UsageTotalsView,
    }),
    post: writeOperation({
      id: 'recordUsage',
      summary: 'Record up to 1,000 events of usage',
      body: UsageRequest,
      view: UsageAnswer,
      by: 'apiKey',
      keyDescription: null,
    }),
  },
  '/v1/billing/usage/events': readOperation({
    id: 'listUsageEvents',
    summary: 'Usage that fits the filters, newest first',
    query: UsageEventsQuery,
    view: UsageEventsView,
  }),
  '/v1/billing/usage/events/export': {
    get: {
      operationId: 'exportUsageEvents',
      summary: exportSummary,
      requestParams: { query: EventExportQuery },
      responses: {
        '200': {
          description: exportSummary,
          content: {
            'text/csv': { schema: z.string() },
            'application/jsonl': { schema: z.string().meta({ description: 'A UsageEvent a line.' }) },
          },
        },
        ...problems(400, 401, 403, 429, 500),
      },
    },
  },
  '/v1/billing/usage/{meter}': {
    get: {
      ...meterUsage,
      requestParams: {
        ...meterUsage.requestParams,
        path: z.object({ meter: z.string().meta({ example: 'call_made' }) }),
      },
      responses: { ...meterUsage.responses, ...problems(404) },
    },
  },
  '/v1/billing/reports': readOperation({
    id: 'getReport',
    summary: 'What a month came to, as it was billed and as it is known now',
    query: ReportQuery,
    view: ReportView,
  }),
};
