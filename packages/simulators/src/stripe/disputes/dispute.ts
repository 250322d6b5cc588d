import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import type { Charge } from '../charges/charge.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';

export interface BalanceMovement {
  id: string;
  object: 'balance_transaction';
  amount: number;
  available_on: number;
  balance_type: 'payments';
  created: number;
  currency: string;
  description: string;
  exchange_rate: null;
  fee: 0;
  fee_details: [];
  net: number;
  reporting_category: 'dispute' | 'dispute_reversal';
  source: string;
  status: 'available';
  type: 'adjustment';
}

export type DisputeStatus = 'lost' | 'needs_response' | 'warning_closed' | 'warning_needs_response' | 'won';

export interface Dispute {
  id: string;
  object: 'dispute';
  amount: number;
  balance_transactions: BalanceMovement[];
  charge: string;
  created: number;
  currency: string;
  enhanced_eligibility_types: [];
  evidence: Record<string, null | object>;
  evidence_details: {
    due_by: number;
    enhanced_eligibility: Record<string, never>;
    has_evidence: false;
    past_due: false;
    submission_count: 0;
    submission_method: 'not_submitted';
  };
  intended_submission_method: null;
  is_charge_refundable: boolean;
  livemode: false;
  metadata: Metadata;
  payment_intent: string;
  reason: 'fraudulent';
  status: DisputeStatus;
}

const answerSeconds = 7 * 24 * 60 * 60;

export interface NewDispute {
  charge: Charge;
  /** In minor units; the whole charge without it. */
  amount?: number | undefined;
  /** A bank that only asks: no money moves. */
  isInquiry?: boolean | undefined;
  /** Whether the money is withdrawn at once, as it usually is. */
  isWithdrawn?: boolean | undefined;
}

/** Opens the dispute of a charge, as its bank does. */
export function openDispute(
  account: Account,
  { charge, amount, isInquiry, isWithdrawn = true }: NewDispute,
): Dispute {
  const dispute: Dispute = {
    id: account.newId('du'),
    object: 'dispute',
    amount: amount ?? charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created: account.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: account.now + answerSeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry ?? false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  };
  account.create('dispute', dispute, 'charge.dispute.created');
  account.update('charge', charge, { disputed: true }, null);
  return isInquiry || !isWithdrawn ? dispute : moveFunds(account, dispute, 'withdrawn');
}

/** Takes the disputed money away, or brings it back. */
export function moveFunds(account: Account, dispute: Dispute, way: 'withdrawn' | 'reinstated'): Dispute {
  const amount = way === 'withdrawn' ? -dispute.amount : dispute.amount;
  const movement: BalanceMovement = {
    id: account.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: account.now,
    balance_type: 'payments',
    created: account.now,
    currency: dispute.currency,
    description: `Chargeback ${way} for ${dispute.charge}`,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: way === 'withdrawn' ? 'dispute' : 'dispute_reversal',
    source: dispute.id,
    status: 'available',
    type: 'adjustment',
  };
  const movements = [...dispute.balance_transactions, movement];
  return account.update(
    'dispute',
    dispute,
    { balance_transactions: movements },
    `charge.dispute.funds_${way}`,
  );
}

/** Ends a dispute; the money of one that is won comes back. */
export function closeDispute(account: Account, dispute: Dispute, outcome: 'lost' | 'won'): Dispute {
  if (['lost', 'warning_closed', 'won'].includes(dispute.status))
    throw invalidRequest(`This dispute is ${dispute.status} already.`);
  const isInquiry = dispute.status === 'warning_needs_response';
  const status = isInquiry ? 'warning_closed' : outcome;
  const closed = account.update('dispute', dispute, { status }, 'charge.dispute.closed');
  if (isInquiry || outcome === 'lost') return closed;
  const isAway = closed.balance_transactions.reduce((sum, { amount }) => sum + amount, 0) < 0;
  return isAway ? moveFunds(account, closed, 'reinstated') : closed;
}

const noEvidence = {
  ...absent('access_activity_log', 'billing_address', 'cancellation_policy'),
  ...absent('cancellation_policy_disclosure', 'cancellation_rebuttal', 'customer_communication'),
  ...absent('customer_email_address', 'customer_name', 'customer_purchase_ip'),
  ...absent('customer_signature', 'duplicate_charge_documentation', 'duplicate_charge_explanation'),
  ...absent('duplicate_charge_id', 'product_description', 'receipt'),
  ...absent('refund_policy', 'refund_policy_disclosure', 'refund_refusal_explanation'),
  ...absent('service_date', 'service_documentation', 'shipping_address'),
  ...absent('shipping_carrier', 'shipping_date', 'shipping_documentation'),
  ...absent('shipping_tracking_number', 'uncategorized_file', 'uncategorized_text'),
  enhanced_evidence: {},
};
