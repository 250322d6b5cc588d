import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBody } from './check-body.ts';
import { Problem } from './problem.ts';

/** The problem of a body; undefined for one that may be read. */
function problemOf(text: string): Problem | undefined {
  try {
    checkBody(undefined, undefined, Buffer.from(text), 'utf-8');
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Problem) return error.cause;
    throw error;
  }
}

const nest = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

test('a body may be nested twenty levels deep, and no deeper', () => {
  expect(problemOf(nest(20))).toBeUndefined();
  expect(problemOf(nest(22))?.message).toBe('the body is nested more than 20 levels deep');
  expect(problemOf(`{"a":${nest(20)}}`)?.message).toBe('the body is nested more than 20 levels deep');
});

/** A string in JSON, each of its letters as it is or escaped. */
const text = fc
  .tuple(fc.constantFrom('__proto__', '"__proto__":', '_proto_', 'a', '\\', '[[{', '}]', '\\"'), fc.nat())
  .map(([raw, which]) =>
    JSON.stringify(raw).replaceAll(/[a-z_]/g, (letter, at: number) =>
      (which >> at) % 2 === 0 ? letter : `\\u00${letter.charCodeAt(0).toString(16)}`,
    ),
  );
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6 },
    text,
    fc.array(tie('json'), { maxLength: 3 }).map((parts) => `[${parts.join(',')}]`),
    fc
      .array(fc.tuple(text, tie('json')), { maxLength: 3 })
      .map((members) => `{${members.map((member) => member.join(': ')).join(',')}}`),
  ),
}));

test('a body is refused exactly where something in it is named __proto__, however that is spelled', () => {
  const hasProto = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([name, member]) => name === '__proto__' || hasProto(member));
  fc.assert(
    fc.property(json, (body) => {
      expect(problemOf(body) !== undefined).toBe(hasProto(JSON.parse(body)));
    }),
  );
});

test('what is no JSON is left to the parser, which says so', () => {
  for (const body of ['', '{"__proto__":', '\\u005f', '}}}]', '"']) expect(problemOf(body)).toBeUndefined();
});
