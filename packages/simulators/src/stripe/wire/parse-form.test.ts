import { describe, expect, it } from 'vitest';
import { parseForm } from './parse-form.ts';
import { StripeRefusal } from './stripe-refusal.ts';

const plain = (text: string) => JSON.parse(JSON.stringify(parseForm(text)));

describe('a form', () => {
  it('nests by brackets and decodes names and values', () => {
    expect(plain('a=1&b[c]=x+y&b[d][0]=%C5%99&e[]=1&e[]=2&f%5Bg%5D=')).toEqual({
      a: '1',
      b: { c: 'x y', d: { 0: 'ř' } },
      e: { 0: '1', 1: '2' },
      f: { g: '' },
    });
  });

  it('takes names of built-in properties for names like any other', () => {
    expect(Object.keys(parseForm('__proto__[a]=1&constructor=2'))).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('a');
  });

  it.each(['a=1&a[b]=2', 'a[b]=2&a=1', 'a[b=1', '[a]=1'])('refuses %s', (text) => {
    expect(() => parseForm(text)).toThrow(StripeRefusal);
  });
});
