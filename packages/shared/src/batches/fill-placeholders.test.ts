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
      );
      expect(filled).toEqual({ ok: true, text: write(template, (known) => values.get(known) ?? '') });
    }),
    { numRuns: 1_000 },
  );
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
      );
      expect(filled).toEqual({ ok: false, missing });
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
  expect(fillPlaceholders(template, values)).toEqual({ ok: false, missing });
});

test.each([['{name}'], ['{{name'], ['name}}'], ['{{na{me}}'], ['{{a}b}}']])(
  '%s is no placeholder',
  (text) => {
    expect(fillPlaceholders(text, {})).toEqual({ ok: true, text });
  },
);
