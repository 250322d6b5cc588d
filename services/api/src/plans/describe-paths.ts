import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { PlanPriceView, PlansView, PlanWithPrices } from './plan-view.ts';
import { NewPlanRequest, PlanPriceRequest } from './routes.ts';

export const planPaths: ZodOpenApiPathsObject = {
  '/v1/admin/plans': {
    ...readOperation({
      id: 'listPlans',
      summary: 'Plans and what they cost',
      view: PlansView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'addPlan',
      summary: 'Add a plan',
      body: NewPlanRequest,
      view: PlanWithPrices,
      status: '201',
    }),
  },
  '/v1/admin/plans/{id}/prices': {
    post: writeOperation({
      id: 'addPlanPrice',
      summary: 'Add what a plan costs, from now or later',
      path: { id: 'pro' },
      body: PlanPriceRequest,
      view: PlanPriceView,
      status: '201',
    }),
  },
};
