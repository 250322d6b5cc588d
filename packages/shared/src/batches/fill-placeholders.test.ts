import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillPlaceholders } from './fill-placeholders.ts';

const name = fc.stringMatching(/^[^{}]{0,12}$/);
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('{{name}}', '$&', "$'", '{{', '}}', ''),
);
const literal = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[{}]/g, ''));
type Piece = { literal: string } | { name: string };
const pieces = fc.array(fc.oneof(fc.record({ literal }), fc.record({ name })));
const write = (template: readonly Piece[], fill: (name: string) => string) =>
  template.map((piece) => ('name' in piece ? fill(piece.name) : piece.literal)).join('');
const namesOf = (template: readonly Piece[]) => [
  ...new Set(template.flatMap((piece) => ('name' in piece ? [piece.name] : []))),
];

test('every placeholder becomes its value, once, and nothing else changes', () => {
  fc.assert(
    fc.property(pieces, fc.infiniteStream(value), (template, stream) => {
      const values = new Map(namesOf(template).map((known) => [known, stream.next().value as string]));
      const filled = fillPlaceholders(
        write(template, (known) => `{{${known}}}`),
        Object.fromEntries(values),
        Number.POSITIVE_INFINITY,
      );
      expect(filled).toEqual({ ok: true, text: write(template, (known) => values.get(known) ?? '') });
    }),
    { numRuns: 1_000 },
  );
});

test('a text is made up to the length that is allowed, and not one unit longer', () => {
  fc.assert(
    fc.property(pieces, value, fc.nat(40), (template, given, lengthMax) => {
      const whole = write(template, () => given);
      const values = Object.fromEntries(namesOf(template).map((known) => [known, given]));
      const filled = fillPlaceholders(
        write(template, (known) => `{{${known}}}`),
        values,
        lengthMax,
      );
      expect(filled).toEqual(
        whole.length <= lengthMax ? { ok: true, text: whole } : { ok: false, reason: 'too_long' },
      );
    }),
  );
});

test('a short template that asks for a text longer than any string is refused at once', () => {
  const template = '{{a}}'.repeat(600_000);
  const filled = fillPlaceholders(template, { a: 'x'.repeat(1_000) }, 10_000);
  expect(filled).toEqual({ ok: false, reason: 'too_long' });
});

test('names without a value are told, each once, and no text is given', () => {
  fc.assert(
    fc.property(pieces, fc.func(fc.boolean()), value, (template, isGiven, given) => {
      const known = namesOf(template).filter((candidate) => isGiven(candidate));
      const missing = namesOf(template).filter((candidate) => !known.includes(candidate));
      fc.pre(missing.length > 0);
      const filled = fillPlaceholders(
        write(template, (candidate) => `{{${candidate}}}`),
        Object.fromEntries(known.map((candidate) => [candidate, given])),
        0,
      );
      expect(filled).toEqual({ ok: false, reason: 'missing_values', missing });
    }),
  );
});

test.each([
  ['{{ name }}', ['name'], [' name ']],
  ['{{Name}}', ['name'], ['Name']],
  ['{{toString}} {{__proto__}}', [], ['toString', '__proto__']],
  ['{{}}', ['name'], ['']],
])('%s: a name is taken exactly, and nothing is inherited', (template, known, missing) => {
  const values = Object.fromEntries(known.map((candidate) => [candidate, 'x']));
  expect(fillPlaceholders(template, values, 100)).toEqual({ ok: false, reason: 'missing_values', missing });
});

test.each([['{name}'], ['{{name'], ['name}}'], ['{{na{me}}'], ['{{a}b}}']])(
  '%s is no placeholder',
  (text) => {
    expect(fillPlaceholders(text, {}, 100)).toEqual({ ok: true, text });
  },
);
