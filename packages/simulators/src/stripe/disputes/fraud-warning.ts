import type { Account } from '../account/account.ts';
import type { Charge } from '../charges/charge.ts';

export interface FraudWarning {
  id: string;
  object: 'radar.early_fraud_warning';
  actionable: boolean;
  charge: string;
  created: number;
  fraud_type: 'unauthorized_use_of_card';
  livemode: false;
  payment_intent: string;
}

/** Tells of a card's bank that suspects fraud before it disputes the charge. */
export function warnOfFraud(account: Account, charge: Charge): FraudWarning {
  const warning: FraudWarning = {
    id: account.newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.refunded && !charge.disputed,
    charge: charge.id,
    created: account.now,
    fraud_type: 'unauthorized_use_of_card',
    livemode: false,
    payment_intent: charge.payment_intent,
  };
  account.create('radar.early_fraud_warning', warning, 'radar.early_fraud_warning.created');
  return warning;
}
