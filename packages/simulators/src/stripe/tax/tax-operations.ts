import { z } from 'zod';
import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import { given } from '../account/given.ts';
import { listPage } from '../account/list-page.ts';
import { type Metadata, mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import {
  boolean,
  decimal,
  expand,
  instantFilter,
  listParameters,
  metadata,
  notSimulated,
  text,
} from '../wire/parameters.ts';

export interface TaxRate
  extends Record<'effective_percentage' | 'flat_amount' | 'jurisdiction_level' | 'rate_type', null> {
  id: string;
  object: 'tax_rate';
  active: boolean;
  country: string | null;
  created: number;
  description: string | null;
  display_name: string;
  inclusive: boolean;
  jurisdiction: string | null;
  livemode: false;
  metadata: Metadata;
  percentage: number;
  state: string | null;
  tax_type: string | null;
}

const changeable = {
  active: boolean.optional(),
  country: text(2).optional(),
  description: text().optional(),
  expand,
  jurisdiction: text(50).optional(),
  metadata,
  state: text().optional(),
  tax_type: z.enum(['gst', 'hst', 'sales_tax', 'vat']).optional(),
};

const CreateRate = z.strictObject({
  ...changeable,
  display_name: text(50),
  inclusive: boolean,
  percentage: decimal,
});
const UpdateRate = z.strictObject({ ...changeable, display_name: text(50).optional() });

/** What Stripe does with tax rates, and what it tells of the account's tax settings. */
export const taxOperations: Operation[] = [
  defineOperation({ method: 'POST', path: '/v1/tax_rates', params: CreateRate, run: createRate }),
  defineOperation({
    method: 'GET',
    path: '/v1/tax_rates',
    params: z.strictObject({
      ...listParameters,
      active: boolean.optional(),
      created: instantFilter,
      inclusive: boolean.optional(),
    }),
    run: (account, { active, created, inclusive, ...page }) => {
      const where = { '$.active': active, '$.inclusive': inclusive } as const;
      return listPage(account, 'tax_rate', { url: '/v1/tax_rates', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/tax_rates/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('tax_rate', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/tax_rates/:id',
    params: UpdateRate,
    run: (account, { expand: _expand, metadata: change, ...params }, id) => {
      const rate = account.get('tax_rate', id);
      const changes = { ...given(params), metadata: mergeMetadata(rate.metadata, change) };
      return account.update('tax_rate', rate, changes, 'tax_rate.updated');
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/tax/settings',
    params: z.strictObject({ expand, ...notSimulated('customer') }),
    run: () => ({
      object: 'tax.settings',
      defaults: { provider: 'stripe', tax_behavior: 'exclusive', tax_code: null },
      head_office: {
        address: { ...absent('city', 'line1', 'line2', 'postal_code', 'state'), country: 'CZ' },
      },
      livemode: false,
      status: 'active',
      status_details: { active: {} },
    }),
  }),
];

function createRate(account: Account, params: z.output<typeof CreateRate>): TaxRate {
  const rate: TaxRate = {
    ...absent('effective_percentage', 'flat_amount', 'jurisdiction_level', 'rate_type'),
    id: account.newId('txr'),
    object: 'tax_rate',
    active: params.active ?? true,
    country: params.country ?? null,
    created: account.now,
    description: params.description ?? null,
    display_name: params.display_name,
    inclusive: params.inclusive,
    jurisdiction: params.jurisdiction ?? null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    percentage: Number(params.percentage),
    state: params.state ?? null,
    tax_type: params.tax_type ?? null,
  };
  account.create('tax_rate', rate, 'tax_rate.created');
  return rate;
}
