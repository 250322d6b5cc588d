import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { expand, listParameters, notSimulated, text } from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { Meter } from './meter.ts';
import { meterEventOperations } from './meter-event-operations.ts';

const CreateMeter = z.strictObject({
  customer_mapping: z.strictObject({ event_payload_key: text(), type: z.literal('by_id') }).optional(),
  default_aggregation: z.strictObject({ formula: z.enum(['count', 'last', 'sum']) }),
  display_name: text(250),
  event_name: text(100),
  expand,
  value_settings: z.strictObject({ event_payload_key: text() }).optional(),
  ...notSimulated('event_time_window'),
});

/** What Stripe does with meters. */
export const meterOperations: Operation[] = [
  defineOperation({ method: 'POST', path: '/v1/billing/meters', params: CreateMeter, run: createMeter }),
  defineOperation({
    method: 'GET',
    path: '/v1/billing/meters',
    params: z.strictObject({ ...listParameters, status: z.enum(['active', 'inactive']).optional() }),
    run: (account, { status, ...page }) =>
      listPage(account, 'billing.meter', { url: '/v1/billing/meters', where: { '$.status': status } }, page),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/billing/meters/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('billing.meter', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/billing/meters/:id',
    params: z.strictObject({ display_name: text(250).optional(), expand }),
    run: (account, { display_name }, id) => {
      const meter = account.get('billing.meter', id);
      const changes = { display_name: display_name ?? meter.display_name, updated: account.now };
      return account.update('billing.meter', meter, changes, 'billing.meter.updated');
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/billing/meters/:id/deactivate',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => switchMeter(account, id, 'inactive'),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/billing/meters/:id/reactivate',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => switchMeter(account, id, 'active'),
  }),
  ...meterEventOperations,
];

function createMeter(account: Account, params: z.output<typeof CreateMeter>): Meter {
  refuseSecond(account, params.event_name);
  const meter: Meter = {
    id: account.newId('mtr_test'),
    object: 'billing.meter',
    created: account.now,
    customer_mapping: params.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: params.default_aggregation,
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: account.now,
    value_settings: params.value_settings ?? { event_payload_key: 'value' },
  };
  account.create('billing.meter', meter, 'billing.meter.created');
  return meter;
}

function refuseSecond(account: Account, eventName: string): void {
  const where = { '$.event_name': eventName, '$.status': 'active' };
  if (account.objects.count('billing.meter', where as Record<`$.${string}`, string>) === 0) return;
  throw invalidRequest(`There is already an active meter with the event name ${eventName}.`, {
    param: 'event_name',
  });
}

function switchMeter(account: Account, id: string, status: Meter['status']): Meter {
  const meter = account.get('billing.meter', id);
  if (status === 'active' && meter.status !== 'active') refuseSecond(account, meter.event_name);
  const changes = {
    status,
    status_transitions: { deactivated_at: status === 'inactive' ? account.now : null },
    updated: account.now,
  };
  const event = status === 'active' ? 'billing.meter.reactivated' : 'billing.meter.deactivated';
  return account.update('billing.meter', meter, changes, event);
}
