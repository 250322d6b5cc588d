import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixedClock, manualClock } from '../time/clock.ts';
import { fromPublicId, type IdPrefix, idPrefixes, newId, publicId, toPublicId } from './ids.ts';

const prefixes = fc.constantFrom(...(Object.keys(idPrefixes) as IdPrefix[]));

describe('new ids', () => {
  test('are UUIDs of version 7 that carry the instant of the clock', () => {
    const id = newId(fixedClock('2026-02-03T04:05:06.789Z'));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const millisecond = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(new Date(millisecond)).toEqual(new Date('2026-02-03T04:05:06.789Z'));
  });

  test('sort in the order they were made, within one millisecond too', () => {
    const clock = manualClock('2026-01-01T00:00:00Z');
    const ids = Array.from({ length: 5_000 }, (_, index) => {
      if (index % 1_000 === 0) clock.advance(1);
      return newId(clock);
    });
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('use the machine clock when none is given', () => {
    expect(newId()).not.toBe(newId());
  });
});

describe('public ids', () => {
  test('are the prefix and the digits without dashes', () => {
    expect(toPublicId('msg', '019C0000-0000-7000-8000-0000000000AB')).toBe(
      'msg_019c00000000700080000000000000ab',
    );
  });

  test('lead back to the same UUID, and sort as the UUIDs do', () => {
    fc.assert(
      fc.property(prefixes, fc.uuid(), fc.uuid(), (prefix, one, other) => {
        expect(fromPublicId(prefix, toPublicId(prefix, one))).toBe(one);
        expect(toPublicId(prefix, one) < toPublicId(prefix, other)).toBe(one < other);
      }),
    );
  });

  test('of one kind are never taken for another', () => {
    fc.assert(
      fc.property(prefixes, prefixes, fc.uuid(), (prefix, other, uuid) => {
        fc.pre(prefix !== other);
        expect(fromPublicId(other, toPublicId(prefix, uuid))).toBeNull();
      }),
    );
  });

  test.each([
    '',
    'msg_',
    '019c0000-0000-7000-8000-0000000000ab',
    'msg_019c0000-0000-7000-8000-0000000000ab',
    'msg_019C00000000700080000000000000AB',
    'msg_019c00000000700080000000000000a',
    'msg_019c00000000700080000000000000ab0',
    'msg_019c00000000700080000000000000ab\n',
    'msg_019c00000000f00080000000000000ab',
    ' msg_019c00000000700080000000000000ab',
  ])('that are malformed are null: %j', (text) => {
    expect(fromPublicId('msg', text)).toBeNull();
  });

  test('cannot be made of anything but a UUID', () => {
    expect(() => toPublicId('msg', 'msg_019c00000000700080000000000000ab')).toThrow(TypeError);
  });

  test('are read by a schema whose error names what was expected', () => {
    expect(publicId('inv').parse('inv_019c00000000700080000000000000ab')).toBe(
      '019c0000-0000-7000-8000-0000000000ab',
    );
    expect(publicId('inv').safeParse('msg_019c00000000700080000000000000ab').error?.issues[0]?.message).toBe(
      'expected a public id (invoice): inv_ and 32 lower-case hexadecimal digits',
    );
  });
});
