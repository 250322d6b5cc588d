import type { Account } from '../account/account.ts';
import type { Meter, MeterEvent } from './meter.ts';

const eventsMax = 100_000;

/** Whose usage, from the first instant to before the last one, in seconds. */
export interface UsageWindow {
  customer: string;
  start: number;
  end: number;
}

/** Returns what a meter counted of a customer. */
export function countUsage(account: Account, meter: Meter, window: UsageWindow): number {
  return aggregate(meter, usageIn(account, meter, window));
}

/** Returns the events of a meter in a window, oldest first by arrival. */
export function usageIn(account: Account, meter: Meter, { customer, start, end }: UsageWindow): MeterEvent[] {
  const where = { '$.event_name': meter.event_name, '$.customer': customer } as const;
  return account.objects
    .list('billing.meter_event', { where, order: 'oldest first', limit: eventsMax })
    .filter(({ timestamp }) => timestamp >= start && timestamp < end);
}

/** Returns what events come to by the meter's formula. */
export function aggregate(meter: Meter, events: readonly MeterEvent[]): number {
  const values = events.map(({ payload }) => Number(payload[meter.value_settings.event_payload_key] ?? 1));
  switch (meter.default_aggregation.formula) {
    case 'count':
      return values.length;
    case 'last':
      return values.at(-1) ?? 0;
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
  }
}
