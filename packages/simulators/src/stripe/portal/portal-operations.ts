import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { boolean, expand, listParameters } from '../wire/parameters.ts';
import {
  CreateConfiguration,
  createConfiguration,
  UpdateConfiguration,
  updateConfiguration,
} from './portal-configuration.ts';
import { CreatePortalSession, createPortalSession } from './portal-session.ts';

const configurations = '/v1/billing_portal/configurations';

/** What Stripe does with the customer portal. */
export const portalOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/billing_portal/sessions',
    params: CreatePortalSession,
    run: createPortalSession,
  }),
  defineOperation({
    method: 'POST',
    path: configurations,
    params: CreateConfiguration,
    run: createConfiguration,
  }),
  defineOperation({
    method: 'GET',
    path: configurations,
    params: z.strictObject({ ...listParameters, active: boolean.optional(), is_default: boolean.optional() }),
    run: (account, { active, is_default, ...page }) => {
      const where = { '$.active': active, '$.is_default': is_default } as const;
      return listPage(account, 'billing_portal.configuration', { url: configurations, where }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: `${configurations}/:id`,
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('billing_portal.configuration', id),
  }),
  defineOperation({
    method: 'POST',
    path: `${configurations}/:id`,
    params: UpdateConfiguration,
    run: updateConfiguration,
  }),
];
