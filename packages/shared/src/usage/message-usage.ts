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
    sourceId: sourceOf(usage.sourceId, 'refund'),
    quantity: -usage.quantity,
    amountMicros: -usage.amountMicros,
  };
}

/** Counts a refunded message again that was delivered after all. */
export function recountOfMessage(message: BilledMessage, occurredAt: Date): NewUsageEvent {
  const usage = usageOfMessage(message, occurredAt);
  return { ...usage, sourceId: sourceOf(usage.sourceId, 'refund reversal') };
}

/** The sources under which a message may have been counted, oldest first. */
export function usageSourcesOfMessage(messageId: string): string[] {
  return [messageId, sourceOf(messageId, 'refund'), sourceOf(messageId, 'refund reversal')];
}

/** A correction has a key of its own; the reconciliation pairs it with its ledger entry by this text. */
function sourceOf(messageId: string, correction: 'refund' | 'refund reversal'): string {
  return `${messageId} ${correction}`;
}
