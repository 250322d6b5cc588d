/** Why usage that was told to a meter does not count. */
export type MeterErrorCode =
  | 'archived_meter'
  | 'meter_event_customer_not_found'
  | 'meter_event_invalid_value'
  | 'no_meter'
  | 'timestamp_too_far_in_past';

/** An event of API v2, as `GET /v2/core/events/:id` shows it. */
export interface ThinEvent {
  id: string;
  object: 'v2.core.event';
  /** ISO 8601. */
  created: string;
  data: {
    developer_message_summary: string;
    reason: {
      error_count: number;
      error_types: { code: MeterErrorCode; error_count: number; sample_errors: [] }[];
    };
    validation_end: string;
    validation_start: string;
  };
  livemode: false;
  /** Null where no meter is concerned. */
  related_object: { id: string; type: 'billing.meter'; url: string } | null;
  type: 'v1.billing.meter.error_report_triggered' | 'v1.billing.meter.no_meter_found';
}

/** Returns what is posted of a thin event: what it is about, and nothing of what happened. */
export function notificationOf({ data: _data, related_object, ...event }: ThinEvent): object {
  return { ...event, context: null, reason: null, ...(related_object && { related_object }) };
}
