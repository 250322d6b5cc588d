import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roundToMinorUnits } from '../../money/round-to-minor-units.ts';
import type { StampedRollup } from '../rollups.ts';
import { type BillFacts, composeBill, type WaitingSection } from './compose-bill.ts';

const sms = (amountMicros: bigint, overrides: Partial<StampedRollup> = {}): StampedRollup => ({
  id: 'r',
  day: '2026-03-05',
  meter: 'sms_sent',
  country: 'CZ',
  unitPriceMicros: 1n,
  eventCount: 1n,
  quantity: 1n,
  amountMicros,
  ...overrides,
});
const charge = (amountMicros: bigint) =>
  sms(amountMicros, { id: 'c', meter: 'storage_used_mb', country: '' });

const section = (settlesMicros: bigint, chargesMicros = 0n): WaitingSection => ({
  id: 's',
  tenantName: 'Branch',
  settlesMicros,
  chargesMicros,
  lines: [
    {
      kind: 'usage',
      meter: 'sms_sent',
      country: 'CZ',
      unitPriceMicros: 1n,
      quantity: 1n,
      amountMicros: settlesMicros + chargesMicros,
      description: 'SMS to CZ',
    },
  ],
});

const facts = (overrides: Partial<BillFacts> = {}): BillFacts => ({
  paymentTerms: 'postpaid',
  collection: 'bank_transfer',
  hasPayer: false,
  currency: 'CZK',
  firstDay: '2026-03-01',
  rollups: [],
  meterNames: new Map(),
  balanceMicros: 0n,
  unsettledMicros: 0n,
  carried: { usageMicros: 0n, chargesMicros: 0n },
  sections: [],
  ...overrides,
});

describe('a postpaid tenant', () => {
  test('is asked for its SMS and its charges on one invoice, rounded once', () => {
    const rollups = [sms(1_004_000n), charge(2_003_000n)];
    expect(composeBill(facts({ rollups, balanceMicros: -1_004_000n }))).toMatchObject({
      document: 'ours',
      usageMicros: 1_004_000n,
      settlesMicros: 1_004_000n,
      chargesMicros: 2_003_000n,
      totalMinor: 301n,
    });
  });

  test('is asked for charges even where its credit covers every SMS', () => {
    const rollups = [sms(5_000_000n), charge(2_000_000n)];
    const bill = composeBill(facts({ rollups, balanceMicros: 1n }));
    expect(bill).toMatchObject({ settlesMicros: 0n, chargesMicros: 2_000_000n, totalMinor: 200n });
    expect(bill?.lines.map(({ kind }) => kind)).toEqual(['usage', 'covered_by_credit', 'charge']);
  });

  test('of whom nobody collects keeps everything open', () => {
    const rollups = [sms(5_000_000n), charge(2_000_000n)];
    expect(composeBill(facts({ rollups, collection: 'none', balanceMicros: -5_000_000n }))).toBeNull();
  });

  test('whose payer is another tenant makes a section of any size', () => {
    const bill = composeBill(facts({ rollups: [sms(4_000n)], hasPayer: true, balanceMicros: -4_000n }));
    expect(bill).toMatchObject({ document: 'section', settlesMicros: 4_000n, totalMinor: 0n });
  });
});

describe('a prepaid tenant', () => {
  const prepaid = { paymentTerms: 'prepaid', rollups: [sms(5_000_000n), charge(2_000_000n)] } as const;

  test('is asked for its charges only', () => {
    expect(composeBill(facts(prepaid))).toMatchObject({
      document: 'ours',
      settlesMicros: 0n,
      chargesMicros: 2_000_000n,
      totalMinor: 200n,
      rollupIds: ['r', 'c'],
    });
  });

  test('of whom nobody collects gets a statement of its SMS; its charges stay open', () => {
    expect(composeBill(facts({ ...prepaid, collection: 'none' }))).toMatchObject({
      document: 'statement',
      usageMicros: 5_000_000n,
      chargesMicros: 0n,
      totalMinor: 0n,
      rollupIds: ['r'],
    });
  });
});

describe('too little to be asked for', () => {
  test('is carried, and asked for with what comes next', () => {
    const first = composeBill(facts({ rollups: [sms(4_000n)], balanceMicros: -4_000n }));
    expect(first).toMatchObject({ document: 'statement', settlesMicros: 0n, totalMinor: 0n });
    expect(first?.lines.at(-1)).toMatchObject({ kind: 'carried', amountMicros: -4_000n });

    const carried = { usageMicros: 4_000n, chargesMicros: 0n };
    const second = composeBill(facts({ rollups: [sms(3_000n)], balanceMicros: -7_000n, carried }));
    expect(second).toMatchObject({ document: 'ours', settlesMicros: 7_000n, totalMinor: 1n });
    expect(second?.lines.map(({ kind }) => kind)).toEqual(['usage', 'carried']);
  });

  test('makes no document by itself', () => {
    expect(composeBill(facts({ carried: { usageMicros: 4_000n, chargesMicros: 0n } }))).toBeNull();
  });

  test('what corrections leave negative is taken off the next invoice', () => {
    expect(composeBill(facts({ rollups: [charge(-3_000_000n)] }))).toMatchObject({
      document: 'statement',
      chargesMicros: 0n,
      totalMinor: 0n,
    });
    const carried = { usageMicros: 0n, chargesMicros: -3_000_000n };
    expect(composeBill(facts({ rollups: [charge(5_000_000n)], carried }))).toMatchObject({
      chargesMicros: 2_000_000n,
      totalMinor: 200n,
    });
  });
});

describe('a payer', () => {
  test('gets the sections that wait, even without usage of its own', () => {
    const bill = composeBill(facts({ sections: [section(3_000_000n, 1_000_000n)] }));
    expect(bill).toMatchObject({
      document: 'ours',
      settlesMicros: 0n,
      chargesMicros: 0n,
      totalMinor: 400n,
      sectionIds: ['s'],
      lines: [{ kind: 'section', sectionInvoiceId: 's', description: 'Branch: SMS to CZ' }],
    });
  });

  test('leaves sections waiting that come to less than can be asked for', () => {
    expect(composeBill(facts({ sections: [section(3_000n)] }))).toBeNull();
  });

  test('of whom nobody collects takes none', () => {
    const prepaid = { paymentTerms: 'prepaid', collection: 'none' } as const;
    expect(composeBill(facts({ ...prepaid, sections: [section(3_000_000n)] }))).toBeNull();
  });
});

const micros = fc.bigInt({ min: -30_000n, max: 90_000n });
const anyFacts = fc
  .record({
    paymentTerms: fc.constantFrom('prepaid' as const, 'postpaid' as const),
    collection: fc.constantFrom('none' as const, 'bank_transfer' as const, 'stripe_invoice' as const),
    hasPayer: fc.boolean(),
    usage: fc.array(micros, { maxLength: 3 }),
    charges: fc.array(micros, { maxLength: 3 }),
    balanceMicros: fc.bigInt({ min: -200_000n, max: 50_000n }),
    unsettledMicros: fc.bigInt({ min: 0n, max: 60_000n }),
    carried: fc.record({
      usageMicros: fc.bigInt({ min: 0n, max: 4_999n }),
      chargesMicros: fc.bigInt({ min: -40_000n, max: 4_999n }),
    }),
    sections: fc.array(fc.bigInt({ min: 1n, max: 30_000n }), { maxLength: 2 }),
  })
  .map(({ usage, charges, sections, ...rest }) =>
    facts({
      ...rest,
      rollups: [...usage.map((each) => sms(each)), ...charges.map((each) => charge(each))],
      sections: sections.map((each) => section(each)),
    }),
  );

test('lines always add up, and nothing is asked for that is not owed', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const bill = composeBill(given);
      if (!bill) return;
      const own = bill.lines.filter(({ kind }) => kind !== 'section');
      const sum = (lines: readonly { amountMicros: bigint }[]) =>
        lines.reduce((total, { amountMicros }) => total + amountMicros, 0n);
      expect(sum(own)).toBe(bill.settlesMicros + bill.chargesMicros);
      expect(bill.totalMinor).toBe(roundToMinorUnits(sum(bill.lines), given.currency));
      expect(bill.settlesMicros >= 0n).toBe(true);
      const debtMicros = -given.balanceMicros - given.unsettledMicros;
      expect(bill.settlesMicros <= (debtMicros > 0n ? debtMicros : 0n)).toBe(true);
      expect(bill.document === 'statement').toBe(
        given.hasPayer ? sum(bill.lines) === 0n : bill.totalMinor === 0n,
      );
      if (bill.document === 'statement') expect(bill.settlesMicros).toBe(0n);
    }),
    { numRuns: 1_000 },
  );
});

test('what is carried comes back to the micro, however often it is carried on', () => {
  const period = fc.record({
    usage: fc.bigInt({ min: 0n, max: 9_000n }),
    charges: fc.bigInt({ min: -9_000n, max: 9_000n }),
  });
  fc.assert(
    fc.property(fc.array(period, { maxLength: 30 }), (periods) => {
      const carried = { usageMicros: 0n, chargesMicros: 0n };
      const total = { used: 0n, charged: 0n, settled: 0n, asked: 0n };
      for (const { usage, charges } of periods) {
        total.used += usage;
        total.charged += charges;
        const bill = composeBill(
          facts({
            rollups: [sms(usage), charge(charges)],
            carried: { ...carried },
            balanceMicros: total.settled - total.used,
          }),
        );
        total.settled += bill?.settlesMicros ?? 0n;
        total.asked += bill?.chargesMicros ?? 0n;
        for (const { kind, meter, amountMicros } of bill?.lines ?? [])
          if (kind === 'carried')
            carried[meter === 'sms_sent' ? 'usageMicros' : 'chargesMicros'] -= amountMicros;
        expect(total.settled + carried.usageMicros).toBe(total.used);
        expect(total.asked + carried.chargesMicros).toBe(total.charged);
        // Less than half a minor unit is ever left to be asked for.
        expect(carried.usageMicros + carried.chargesMicros < 5_000n).toBe(true);
      }
    }),
  );
});
