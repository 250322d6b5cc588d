import { describe, expect, test } from 'vitest';
import type { Vat } from '../decide-vat.ts';
import { type TaxedPayment, taxOfPayment } from './tax-of-payment.ts';

const czech: Vat = { treatment: 'standard', rateBps: 2_100 };
const payment = (given: Partial<TaxedPayment>): TaxedPayment => ({
  netMinor: 50_000n,
  vatMinor: 10_500n,
  decided: czech,
  ratesBps: [2_100, 2_300, 1_900],
  ...given,
});

describe('the tax on the document of a payment', () => {
  test.each([
    ['our rate', {}, czech],
    ['our rate, rounded otherwise by a minor unit', { vatMinor: 10_501n }, czech],
    ['our rate, too little to come to anything', { netMinor: 1n, vatMinor: 0n }, czech],
    [
      'reverse charge',
      { vatMinor: 0n, decided: { treatment: 'reverse_charge', rateBps: 0 } as const },
      { treatment: 'reverse_charge', rateBps: 0 },
    ],
    [
      'no VAT at all',
      { vatMinor: 0n, decided: { treatment: 'none', rateBps: 0 } as const },
      { treatment: 'none', rateBps: 0 },
    ],
  ])('is ours where that was paid: %s', (_, given, expected) => {
    expect(taxOfPayment(payment(given))).toEqual({ ...expected, isAsDecided: true });
  });

  test.each([
    ['another known rate', { vatMinor: 11_500n }, { treatment: 'standard', rateBps: 2_300 }],
    ['a rate that nobody knows', { vatMinor: 8_550n }, { treatment: 'standard', rateBps: 1_710 }],
    ['none although it was due', { vatMinor: 0n }, { treatment: 'none', rateBps: 0 }],
    [
      'some although none was due',
      { decided: { treatment: 'reverse_charge', rateBps: 0 } as const },
      { treatment: 'standard', rateBps: 2_100 },
    ],
    ['some where we know no rate', { decided: null }, { treatment: 'standard', rateBps: 2_100 }],
  ])('is what was paid, and is shown to somebody: %s', (_, given, expected) => {
    expect(taxOfPayment(payment(given))).toEqual({ ...expected, isAsDecided: false });
  });
});
