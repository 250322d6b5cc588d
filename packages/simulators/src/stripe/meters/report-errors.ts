import type { Account } from '../account/account.ts';
import type { MeterErrorCode, ThinEvent } from '../events/thin-event.ts';

const windowMs = 60 * 60 * 1000;

export interface MeterErrors {
  /** Left out where the events named no meter that there is. */
  meter?: string | undefined;
  code: MeterErrorCode;
  count: number;
}

/** Tells that usage of the last hour was taken and then did not count: Stripe looks at it only afterwards. */
export function reportErrors(account: Account, { meter, code, count }: MeterErrors): ThinEvent {
  const end = account.now * 1000;
  const about = meter === undefined ? null : account.get('billing.meter', meter);
  const event: ThinEvent = {
    id: account.newId('evt_test'),
    object: 'v2.core.event',
    created: new Date(end).toISOString(),
    data: {
      developer_message_summary: `There are ${count} invalid events`,
      reason: { error_count: count, error_types: [{ code, error_count: count, sample_errors: [] }] },
      validation_end: new Date(end).toISOString(),
      validation_start: new Date(end - windowMs).toISOString(),
    },
    livemode: false,
    related_object:
      about === null ? null : { id: about.id, type: 'billing.meter', url: `/v1/billing/meters/${about.id}` },
    type: about === null ? 'v1.billing.meter.no_meter_found' : 'v1.billing.meter.error_report_triggered',
  };
  account.emitThin(event);
  return event;
}
