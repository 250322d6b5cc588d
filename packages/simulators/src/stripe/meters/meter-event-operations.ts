import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { stripeList } from '../account/stripe-list.ts';
import { expand, integer, listParameters, text } from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { aggregate, usageIn } from './count-usage.ts';
import type { Meter, MeterEvent } from './meter.ts';

const daySeconds = 24 * 60 * 60;
const pastMax = 35 * daySeconds;
const futureMax = 5 * 60;

const CreateMeterEvent = z.strictObject({
  event_name: text(100),
  expand,
  identifier: text(100).optional(),
  payload: z.record(z.string(), z.string()),
  timestamp: integer.optional(),
});

const ListSummaries = z.strictObject({
  ...listParameters,
  customer: text(),
  end_time: integer,
  start_time: integer,
  value_grouping_window: z.enum(['day', 'hour']).optional(),
});

/** What Stripe does with the events of meters. */
export const meterEventOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/billing/meter_events',
    params: CreateMeterEvent,
    run: createMeterEvent,
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/billing/meters/:id/event_summaries',
    params: ListSummaries,
    run: listSummaries,
  }),
];

function createMeterEvent(account: Account, params: z.output<typeof CreateMeterEvent>): object {
  const meter = activeMeter(account, params.event_name);
  const timestamp = params.timestamp ?? account.now;
  if (timestamp < account.now - pastMax || timestamp > account.now + futureMax) {
    throw invalidRequest('The timestamp is more than 35 days in the past or 5 minutes in the future.', {
      code: 'timestamp_invalid',
      param: 'timestamp',
    });
  }
  const customer = params.payload[meter.customer_mapping.event_payload_key];
  if (customer === undefined) throw missing(`payload[${meter.customer_mapping.event_payload_key}]`);
  account.get('customer', customer, `payload[${meter.customer_mapping.event_payload_key}]`);
  const value = params.payload[meter.value_settings.event_payload_key];
  if (value === undefined && meter.default_aggregation.formula !== 'count')
    throw missing(`payload[${meter.value_settings.event_payload_key}]`);
  if (value !== undefined && !/^\d{1,15}(\.\d{1,12})?$/.test(value)) {
    throw invalidRequest(`Invalid value: ${value}`, {
      param: `payload[${meter.value_settings.event_payload_key}]`,
    });
  }
  const identifier = params.identifier ?? account.newId('mei');
  refuseKnown(account, identifier);
  const event: MeterEvent = {
    id: account.newId('mev'),
    object: 'billing.meter_event',
    created: account.now,
    event_name: params.event_name,
    identifier,
    livemode: false,
    payload: params.payload,
    timestamp,
    customer,
  };
  account.create('billing.meter_event', event, null);
  const { id: _id, customer: _customer, ...shown } = event;
  return shown;
}

function activeMeter(account: Account, eventName: string): Meter {
  const [meter] = account.objects.list('billing.meter', {
    where: { '$.event_name': eventName, '$.status': 'active' },
    order: 'oldest first',
    limit: 1,
  });
  if (meter !== undefined) return meter;
  throw invalidRequest(`No active meter found for event name ${eventName}`, {
    code: 'resource_missing',
    param: 'event_name',
  });
}

// Stripe promises this for at least 24 hours only, so nobody may rely on more.
function refuseKnown(account: Account, identifier: string): void {
  const known = account.objects.count(
    'billing.meter_event',
    { '$.identifier': identifier },
    { gt: account.now - daySeconds },
  );
  if (known === 0) return;
  throw invalidRequest(`An event already exists with identifier ${identifier}.`, {
    code: 'resource_already_exists',
    param: 'identifier',
  });
}

function missing(param: string) {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

function listSummaries(account: Account, params: z.output<typeof ListSummaries>, id: string): object {
  const meter = account.get('billing.meter', id);
  const { customer, start_time: start, end_time: end, value_grouping_window: window } = params;
  if (start >= end) throw invalidRequest('start_time must be before end_time.', { param: 'start_time' });
  const step = window === 'day' ? daySeconds : window === 'hour' ? 3600 : end - start;
  if (window !== undefined && (start % step !== 0 || end % step !== 0)) {
    throw invalidRequest(`start_time and end_time must be aligned with ${window} boundaries.`, {
      param: 'start_time',
    });
  }
  const events = usageIn(account, meter, { customer, start, end });
  const starts = [
    ...new Set(events.map(({ timestamp }) => start + Math.floor((timestamp - start) / step) * step)),
  ];
  const summaries = starts
    .toSorted((a, b) => b - a)
    .map((from) => ({
      id: `mtrusg_${meter.id.slice(-8)}_${from}`,
      object: 'billing.meter_event_summary',
      aggregated_value: aggregate(
        meter,
        events.filter(({ timestamp }) => timestamp >= from && timestamp < from + step),
      ),
      end_time: from + step,
      livemode: false,
      meter: id,
      start_time: from,
    }));
  return stripeList(summaries, 100, `/v1/billing/meters/${id}/event_summaries`);
}
