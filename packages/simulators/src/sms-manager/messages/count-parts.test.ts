import { describe, expect, it } from 'vitest';
import { countParts } from './count-parts.ts';
import { toGsmText } from './gsm-alphabet.ts';

describe('the number of parts', () => {
  it.each([
    [0, 1],
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
  ])('%i GSM characters take %i', (length, parts) => {
    expect(countParts('a'.repeat(length), 'sms')).toBe(parts);
  });

  it.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])('%i characters kept as Unicode take %i, accents or not', (length, parts) => {
    expect(countParts('ř'.repeat(length), 'utf')).toBe(parts);
    expect(countParts('a'.repeat(length), 'utf')).toBe(parts);
  });

  it('counts an escaped character twice and never splits it over parts', () => {
    expect(countParts('€'.repeat(80), 'sms')).toBe(1);
    expect(countParts('€'.repeat(81), 'sms')).toBe(2);
    expect(countParts(`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'sms')).toBe(3);
  });

  it('never splits an emoji over parts', () => {
    expect(countParts(`${'ř'.repeat(66)}😀${'ř'.repeat(66)}`, 'utf')).toBe(3);
  });

  it('of an SMS is that of the text without accents', () => {
    expect(countParts('ř'.repeat(160), 'sms')).toBe(1);
    expect(countParts('…'.repeat(54), 'sms')).toBe(2);
  });
});

describe('bringing text into the GSM alphabet', () => {
  it('drops accents, keeps the letters GSM has, replaces typography and strips the rest', () => {
    expect(toGsmText('Příliš žluťoučký kůň – „úpěl“ ďábelské ódy… é ä 😀')).toBe(
      'Prilis zlutoucky kun - "upel" dabelské ody... é ä ',
    );
    expect(toGsmText('r\u030c')).toBe('r');
  });
});
