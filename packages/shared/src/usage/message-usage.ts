import type { LockedMessage } from '../messages/message.ts';
import type { NewUsageEvent } from './record-usage.ts';

export const SMS_METER = 'sms_sent';

type BilledMessage = Pick<
  LockedMessage,
  'id' | 'tenantId' | 'country' | 'campaign' | 'segments' | 'currency' | 'unitPriceMicros' | 'priceMicros'
>;

/** The usage of a charged message. */
export function usageOfMessage(message: BilledMessage, occurredAt: Date): NewUsageEvent {
  const { id, tenantId, country, campaign, segments, currency, unitPriceMicros, priceMicros } = message;
  return {
    tenantId,
    meter: SMS_METER,
    sourceId: id,
    quantity: BigInt(segments),
    currency,
    unitPriceMicros,
    amountMicros: priceMicros,
    country,
    campaign,
    occurredAt,
  };
}

/** Takes the usage of a refunded message back: an event of its own, because usage is never edited. */
export function correctionOfMessage(message: BilledMessage, occurredAt: Date): NewUsageEvent {
  const usage = usageOfMessage(message, occurredAt);
  return {
    ...usage,
    sourceId: `${usage.sourceId} refund`,
    quantity: -usage.quantity,
    amountMicros: -usage.amountMicros,
  };
}
