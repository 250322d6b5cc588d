import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { type WithAccountDeps, withAccount } from '../calls/with-account.ts';
import type { CheckoutSession } from '../checkout/checkout-session.ts';
import {
  completeSession,
  type PageMethod,
  pageMethods,
  settleSession,
} from '../checkout/complete-session.ts';
import { closeDispute, type Dispute, moveFunds, openDispute } from '../disputes/dispute.ts';
import { type FraudWarning, warnOfFraud } from '../disputes/fraud-warning.ts';
import type { ThinEvent } from '../events/thin-event.ts';
import { reportErrors } from '../meters/report-errors.ts';
import { failRefund, type Refund } from '../refunds/refund.ts';
import { chargeOf } from '../refunds/refund-operations.ts';

const Payment = z.strictObject({
  with: z.enum(Object.keys(pageMethods) as [PageMethod, ...PageMethod[]]).default('card'),
});
const Settlement = z.strictObject({ isPaid: z.boolean() });
const charged = { charge: z.string().optional(), payment_intent: z.string().optional() };
const NewDispute = z.strictObject({
  ...charged,
  amount: z.int().min(1).optional(),
  isInquiry: z.boolean().optional(),
  isWithdrawn: z.boolean().optional(),
});
const Outcome = z.strictObject({ outcome: z.enum(['won', 'lost']) });
const Warning = z.strictObject(charged);
const Errors = z.strictObject({
  meter: z.string().optional(),
  code: z
    .enum([
      'archived_meter',
      'meter_event_customer_not_found',
      'meter_event_invalid_value',
      'no_meter',
      'timestamp_too_far_in_past',
    ])
    .default('meter_event_customer_not_found'),
  count: z.int().min(1).default(1),
});

/** What customers, their banks and Stripe itself do, of which Stripe only tells. Throws ZodError and StripeRefusal. */
export interface Bank {
  payCheckout(id: string, payment?: z.input<typeof Payment>): CheckoutSession;
  settleCheckout(id: string, settlement: z.input<typeof Settlement>): CheckoutSession;
  failRefund(id: string): Refund;
  openDispute(dispute: z.input<typeof NewDispute>): Dispute;
  moveDispute(id: string, way: 'withdrawn' | 'reinstated'): Dispute;
  closeDispute(id: string, outcome: z.input<typeof Outcome>): Dispute;
  warnOfFraud(warning: z.input<typeof Warning>): FraudWarning;
  reportMeterErrors(errors?: z.input<typeof Errors>): ThinEvent;
}

// Nobody called for these changes.
const byItself = { requestId: null, idempotencyKey: null };

/** Returns what customers and banks can do to an account. */
export function createBank(deps: WithAccountDeps): Bank {
  const run = <Result>(work: (account: Account) => Result) => withAccount(deps, byItself, work);
  return {
    payCheckout: (id, payment = {}) => {
      const choice = Payment.parse(payment).with;
      return run((account) => completeSession(account, account.get('checkout.session', id), choice));
    },
    settleCheckout: (id, settlement) => {
      const { isPaid } = Settlement.parse(settlement);
      return run((account) => settleSession(account, account.get('checkout.session', id), isPaid));
    },
    failRefund: (id) => run((account) => failRefund(account, account.get('refund', id))),
    openDispute: (given) => {
      const { charge, payment_intent, ...dispute } = NewDispute.parse(given);
      return run((account) =>
        openDispute(account, { ...dispute, charge: chargeOf(account, { charge, payment_intent }) }),
      );
    },
    moveDispute: (id, way) => run((account) => moveFunds(account, account.get('dispute', id), way)),
    closeDispute: (id, given) => {
      const { outcome } = Outcome.parse(given);
      return run((account) => closeDispute(account, account.get('dispute', id), outcome));
    },
    warnOfFraud: (given) => {
      const of = Warning.parse(given);
      return run((account) => warnOfFraud(account, chargeOf(account, of)));
    },
    reportMeterErrors: (given = {}) => {
      const errors = Errors.parse(given);
      return run((account) => reportErrors(account, errors));
    },
  };
}
