import { roundToMinorUnits } from '../../money/round-to-minor-units.ts';
import { SMS_METER } from '../../usage/message-usage.ts';
import type { InvoiceDocumentKind, InvoiceLine } from '../invoices.ts';
import type { Collection } from '../periods.ts';
import type { StampedRollup } from '../rollups.ts';
import { buildLines, isPriced } from './build-lines.ts';
import { whatIsOwed } from './what-is-owed.ts';

/** What too little to be asked for has come together on earlier invoices, in micros. */
export type Carried = { usageMicros: bigint; chargesMicros: bigint };

/** Another tenant's record that waits for its payer's invoice. */
export type WaitingSection = {
  id: string;
  tenantName: string;
  settlesMicros: bigint;
  chargesMicros: bigint;
  lines: readonly InvoiceLine[];
};

export type BillFacts = {
  paymentTerms: 'prepaid' | 'postpaid';
  collection: Collection;
  /** Whether another tenant pays: what comes of it is a section of that one's invoice. */
  hasPayer: boolean;
  currency: string;
  /** First local day of the period, YYYY-MM-DD. */
  firstDay: string;
  /** All open ones up to the end of the period. */
  rollups: readonly StampedRollup[];
  meterNames: ReadonlyMap<string, string>;
  balanceMicros: bigint;
  unsettledMicros: bigint;
  carried: Carried;
  sections: readonly WaitingSection[];
};

export type Bill = {
  document: InvoiceDocumentKind;
  usageMicros: bigint;
  chargesMicros: bigint;
  settlesMicros: bigint;
  totalMinor: bigint;
  lines: InvoiceLine[];
  /** The roll-ups that it takes. */
  rollupIds: string[];
  /** The sections that it takes. */
  sectionIds: string[];
};

/**
 * What a period comes to, or null when there is nothing to say. SMS that were paid when they were
 * captured, or that credit covers, are told and not asked for; fees and other meters are asked for
 * whatever the terms. Less than half a minor unit cannot be asked for: it is carried to the next
 * invoice, and so is what corrections leave negative.
 */
export function composeBill(facts: BillFacts): Bill | null {
  const { paymentTerms, currency, firstDay, meterNames } = facts;
  const isCollected = facts.hasPayer || facts.collection !== 'none';
  // While nobody collects, usage stays open: the first invoice that can be paid takes it.
  if (!isCollected && paymentTerms === 'postpaid') return null;
  const rollups = isCollected ? facts.rollups : facts.rollups.filter(isPaidOrFree);
  const sections = isCollected && !facts.hasPayer ? facts.sections : [];
  if (!rollups.some(isPriced) && sections.length === 0) return null;

  const sms = rollups.filter(({ meter }) => meter === SMS_METER);
  const others = rollups.filter(({ meter }) => meter !== SMS_METER);
  const usageMicros = amountOf(sms);
  const carriedIn = carriedHere(facts, isCollected);
  const owedMicros = paymentTerms === 'prepaid' ? 0n : owed(facts, usageMicros + carriedIn.usageMicros);
  const coveredMicros = usageMicros + carriedIn.usageMicros - owedMicros;
  const chargesMicros = amountOf(others) + carriedIn.chargesMicros;

  const sectionMicros = sections.reduce((sum, each) => sum + each.settlesMicros + each.chargesMicros, 0n);
  const askedMicros = owedMicros + chargesMicros + sectionMicros;
  const totalMinor = roundToMinorUnits(askedMicros, currency);
  // A section is rounded with the invoice that it goes on, so any part of a minor unit is worth asking for.
  const isAsked = facts.hasPayer ? askedMicros > 0n : totalMinor > 0n;
  const taken = isAsked ? sections : [];
  const carriedOut: Carried = isAsked
    ? { usageMicros: 0n, chargesMicros: 0n }
    : { usageMicros: owedMicros, chargesMicros };
  if (!rollups.some(isPriced) && taken.length === 0) return null;
  return {
    document: isAsked ? documentOf(facts) : 'statement',
    usageMicros,
    chargesMicros: chargesMicros - carriedOut.chargesMicros,
    settlesMicros: owedMicros - carriedOut.usageMicros,
    totalMinor: isAsked ? totalMinor : 0n,
    lines: [
      ...buildLines({ rollups: sms, firstDay, currency, meterNames }),
      ...carriedLines(SMS_METER, 'Carried from earlier', carriedIn.usageMicros),
      ...coveredLines(coveredMicros),
      ...carriedLines(SMS_METER, 'Too little to be asked for, carried', -carriedOut.usageMicros),
      ...buildLines({ rollups: others, firstDay, currency, meterNames }),
      ...carriedLines(CHARGES, 'Charges carried from earlier', carriedIn.chargesMicros),
      ...carriedLines(CHARGES, 'Charges too little to be asked for, carried', -carriedOut.chargesMicros),
      ...taken.flatMap(sectionLines),
    ],
    rollupIds: rollups.map(({ id }) => id),
    sectionIds: taken.map(({ id }) => id),
  };
}

/** The meter of a carried line of fees and other meters; that of SMS is theirs. */
export const CHARGES = '';

function isPaidOrFree(rollup: StampedRollup): boolean {
  return rollup.meter === SMS_METER || !isPriced(rollup);
}

/** What was carried of SMS is a postpaid debt; under other terms it waits on the account. */
function carriedHere({ paymentTerms, carried }: BillFacts, isCollected: boolean): Carried {
  return {
    usageMicros: paymentTerms === 'postpaid' ? carried.usageMicros : 0n,
    chargesMicros: isCollected ? carried.chargesMicros : 0n,
  };
}

function owed({ balanceMicros, unsettledMicros }: BillFacts, usageMicros: bigint): bigint {
  return whatIsOwed({ usageMicros, balanceMicros, unsettledMicros });
}

function documentOf({ hasPayer, collection }: BillFacts): InvoiceDocumentKind {
  if (hasPayer) return 'section';
  switch (collection) {
    case 'subscription_item':
    case 'stripe_invoice':
    case 'stripe_meter':
      return 'stripe';
    case 'bank_transfer':
    case 'sippy':
      return 'ours';
    case 'none':
      return 'statement';
  }
}

function amountOf(rollups: readonly StampedRollup[]): bigint {
  return rollups.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
}

function coveredLines(coveredMicros: bigint): InvoiceLine[] {
  return coveredMicros === 0n
    ? []
    : [amountLine('covered_by_credit', '', 'Covered by credit', -coveredMicros)];
}

function carriedLines(meter: string, description: string, micros: bigint): InvoiceLine[] {
  return micros === 0n ? [] : [amountLine('carried', meter, description, micros)];
}

/** The section's own lines, each named after the tenant that it is about. */
function sectionLines({ id, tenantName, lines }: WaitingSection): InvoiceLine[] {
  return lines.map((line) => ({
    ...line,
    kind: 'section' as const,
    sectionInvoiceId: id,
    description: `${tenantName}: ${line.description}`,
  }));
}

function amountLine(
  kind: InvoiceLine['kind'],
  meter: string,
  description: string,
  amountMicros: bigint,
): InvoiceLine {
  return { kind, meter, country: '', unitPriceMicros: 0n, quantity: 1n, amountMicros, description };
}
