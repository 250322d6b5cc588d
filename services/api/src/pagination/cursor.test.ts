import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineCursor } from './cursor.ts';

const cursor = defineCursor('things', z.object({ name: z.string(), before: z.number() }));

test('a cursor leads back to its position', () => {
  const positions = fc.record({ name: fc.string({ unit: 'grapheme', maxLength: 30 }), before: fc.integer() });
  fc.assert(
    fc.property(positions, (position) => {
      const text = cursor.after(position);
      expect(text).toMatch(/^[\w-]+$/);
      expect(cursor.parameter.parse(text)).toEqual(position);
    }),
  );
});

test('what is no cursor of the list is refused, never an error of its own', () => {
  const other = defineCursor('others', z.object({ name: z.string(), before: z.number() }));
  const isRefused = (text: string) => cursor.parameter.safeParse(text).success === false;
  expect(isRefused(other.after({ name: '', before: 1 }))).toBe(true);
  expect(isRefused(`${cursor.after({ name: '', before: 1 })}A`)).toBe(true);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), isRefused));
});
