import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildSpayd, type PaymentOrder } from './spayd.ts';

const order: PaymentOrder = {
  iban: 'CZ58 5500 0000 0012 6509 8001',
  bic: 'RZBCCZPP',
  amountMinor: 48_050n,
  variableSymbol: '2026000123',
  message: 'Faktura TG-2026-000123',
  dueOn: '2026-12-15',
};

const messageOf = (text: string) => buildSpayd({ ...order, message: text })?.split('*MSG:')[1] ?? '';

describe('a payment order', () => {
  test('is written as the Czech Banking Association has it', () => {
    expect(buildSpayd(order)).toBe(
      'SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:480.50*CC:CZK*DT:20261215*X-VS:2026000123*MSG:FAKTURA TG-2026-000123',
    );
  });

  test('leaves out what it does not know', () => {
    expect(buildSpayd({ ...order, bic: null, dueOn: null, message: '' })).toBe(
      'SPD*1.0*ACC:CZ5855000000001265098001*AM:480.50*CC:CZK*X-VS:2026000123',
    );
  });

  test.each([
    [5n, '0.05'],
    [100n, '1.00'],
    [999_999_999n, '9999999.99'],
  ])('of %d hellers asks for %s', (amountMinor, amount) => {
    expect(buildSpayd({ ...order, amountMinor })).toContain(`*AM:${amount}*`);
  });

  test.each([
    { amountMinor: 0n },
    { amountMinor: -1n },
    { amountMinor: 1_000_000_000n },
    { variableSymbol: '12345678901' },
    { variableSymbol: '' },
    { variableSymbol: 'TG1' },
    { iban: '19-2000145399/0800' },
  ])('that the standard cannot carry (%o) is none', (change) => {
    expect(buildSpayd({ ...order, ...change })).toBeNull();
  });
});

describe('its message', () => {
  test('loses accents, not letters', () => {
    expect(messageOf('Příliš žluťoučký kůň')).toBe('PRILIS ZLUTOUCKY KUN');
  });

  test('cannot begin another field', () => {
    expect(messageOf('a*ACC:CZ00*AM:1')).toBe('A%2AACC:CZ00%2AAM:1');
    expect(messageOf('100%2A')).toBe('100%252A');
  });

  test('is never longer than 60 characters, and never ends within an escape', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (text) => {
        const message = messageOf(text);
        expect(message.length).toBeLessThanOrEqual(60);
        expect(message).toMatch(/^(?:[0-9A-Z $+\-./:]|%25|%2A)*$/);
      }),
    );
    expect(messageOf(`${'x'.repeat(58)}*`)).toBe('X'.repeat(58));
  });
});
