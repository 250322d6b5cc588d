import type { Cadence } from '../time/local-time.ts';
import { SMS_METER } from '../usage/message-usage.ts';
import { allowedCadences, isAllowedPair } from './allowed-cadences.ts';
import type { Collection } from './periods.ts';

/** Settings as they would stand after a change, and what is known of whom they name. */
export type WishedSettings = {
  tenantId: string;
  currency: string;
  paymentTerms: 'prepaid' | 'postpaid';
  cadence: Cadence;
  collection: Collection;
  thresholdMicros: bigint | null;
  thresholdSegments: bigint | null;
  unpaidPolicy: string;
  unpaidAgeDays: number | null;
  unpaidMicros: bigint | null;
  hasStripeCustomer: boolean;
  hasStripeSubscription: boolean;
  /** Meters that prices of its running subscriptions bill at Stripe. */
  metersAtStripe: readonly string[];
  /** Null where nobody else pays; `isPaidFor`: somebody pays for the payer in turn. */
  payer: { id: string; currency: string; isDeleted: boolean; isPaidFor: boolean } | null;
  /** Whether this tenant pays for others. */
  isPayer: boolean;
};

export type SettingsMistake = {
  field: 'cadence' | 'collection' | 'threshold' | 'payer' | 'unpaidPolicy';
  detail: string;
};

/** What does not fit together, each with the field to mend; nothing where all is well. */
export function checkBillingSettings(wished: WishedSettings): SettingsMistake[] {
  return [
    ...checkPair(wished),
    ...checkStripe(wished),
    ...checkMeter(wished),
    ...checkThreshold(wished),
    ...checkPayer(wished),
    ...checkUnpaid(wished),
  ];
}

function checkPair({ cadence, collection }: WishedSettings): SettingsMistake[] {
  if (collection === 'sippy')
    return [{ field: 'collection', detail: 'sippy cannot be collected by this release' }];
  if (isAllowedPair(cadence, collection)) return [];
  const cadences = allowedCadences[collection].join(', ');
  return [{ field: 'cadence', detail: `${cadence} does not go with ${collection}, which takes ${cadences}` }];
}

function checkStripe(wished: WishedSettings): SettingsMistake[] {
  const { collection, hasStripeCustomer, hasStripeSubscription } = wished;
  if (collection === 'subscription_item' && !(hasStripeCustomer && hasStripeSubscription))
    return [{ field: 'collection', detail: 'subscription_item needs a subscription at Stripe' }];
  if ((collection === 'stripe_invoice' || collection === 'stripe_meter') && !hasStripeCustomer)
    return [{ field: 'collection', detail: `${collection} needs a customer at Stripe` }];
  return [];
}

/** SMS are billed one way only: by us, in advance or afterwards, or by a price of the meter at Stripe. */
function checkMeter({ collection, paymentTerms, metersAtStripe }: WishedSettings): SettingsMistake[] {
  const mistake = (detail: string): SettingsMistake[] => [{ field: 'collection', detail }];
  if (collection === 'stripe_meter')
    return paymentTerms === 'prepaid'
      ? mistake('a prepaid tenant pays its SMS when they are sent: a meter would bill them again')
      : [];
  return metersAtStripe.includes(SMS_METER)
    ? mistake(`its subscription at Stripe bills ${SMS_METER} by a meter: ${collection} would bill it again`)
    : [];
}

function checkThreshold({ cadence, thresholdMicros, thresholdSegments }: WishedSettings): SettingsMistake[] {
  if (cadence !== 'threshold' || thresholdMicros !== null || thresholdSegments !== null) return [];
  return [{ field: 'threshold', detail: 'the cadence threshold needs an amount or a number of segments' }];
}

function checkPayer({ tenantId, currency, payer, isPayer }: WishedSettings): SettingsMistake[] {
  if (payer === null) return [];
  const mistake = (detail: string): SettingsMistake[] => [{ field: 'payer', detail }];
  if (payer.id === tenantId) return mistake('must be another tenant');
  if (payer.isDeleted) return mistake('is deleted');
  if (payer.currency !== currency) return mistake(`pays in ${payer.currency}, this tenant in ${currency}`);
  if (payer.isPaidFor || isPayer) return mistake('a payer’s own usage cannot be paid by another tenant');
  return [];
}

function checkUnpaid({ unpaidPolicy, unpaidAgeDays, unpaidMicros }: WishedSettings): SettingsMistake[] {
  if (unpaidPolicy === 'off' || unpaidAgeDays !== null || unpaidMicros !== null) return [];
  return [{ field: 'unpaidPolicy', detail: `${unpaidPolicy} needs unpaidAgeDays or unpaidAmount` }];
}
