import { describe, expect, it } from 'vitest';
import { isDialable, normalisePhone } from './normalise-phone.ts';
import { isPromotional, normaliseTags } from './normalise-tags.ts';

describe('phone numbers', () => {
  it.each([
    ['420777123456', '420777123456'],
    ['+420 777 123 456', '420777123456'],
    ['00420-777-123-456', '420777123456'],
    ['777 123 456', '420777123456'],
    ['0777123456', '420777123456'],
    ['4915112345678', '4915112345678'],
  ])('%s is dialled as %s', (raw, dialled) => {
    expect(normalisePhone(raw)).toBe(dialled);
    expect(isDialable(dialled)).toBe(true);
  });

  it.each(['', '12345', '42077712345', '4207771234567', '1234567890123456'])(
    '%j cannot be dialled',
    (digits) => {
      expect(isDialable(digits)).toBe(false);
    },
  );
});

describe('tags', () => {
  it('are lower case, cleaned, without repeats, and sorted', () => {
    expect(normaliseTags('Transactional, GW-0a_1.b ,čau!,transactional')).toBe('au,gw-0a_1.b,transactional');
  });

  it('default to promotional', () => {
    expect([undefined, '', ' , !'].map(normaliseTags)).toEqual(['promotional', 'promotional', 'promotional']);
  });

  it('leave a message promotional unless they say transactional or priority', () => {
    expect(['promotional', 'spring', 'spring,transactional', 'priority'].map(isPromotional)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
