import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemesOf } from './graphemes.ts';
import { isGsm7, septetsOf } from './gsm7.ts';
import { normaliseBody } from './normalise-body.ts';
import { countSegments, splitIntoSegments } from './segments.ts';

const times = (count: number, text: string) => text.repeat(count);
const septetsIn = (text: string) => Array.from(text).reduce((sum, it) => sum + (septetsOf(it) ?? 0), 0);

const FAMILY = '👨‍👩‍👧‍👦';
const ZALGO = `x${times(150, '\u030C\u0323')}`;

const gsmBodies = fc.string({ unit: fc.constantFrom(...'aZ9 @é€[]^\f\n'), maxLength: 700 });
const mixedBodies = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 90 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('ř', 'r\u030C', '😀', FAMILY, '🇨🇿', '\r\n', '\uD83D', '\uDE00', '\u200D', ZALGO),
      gsmBodies,
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.join(''));
const bodies = fc.oneof(gsmBodies, mixedBodies);

describe('the number of segments', () => {
  test.each([
    ['160 × a', times(160, 'a'), 1],
    ['161 × a', times(161, 'a'), 2],
    ['306 × a', times(306, 'a'), 2],
    ['307 × a', times(307, 'a'), 3],
    ['70 × ř', times(70, 'ř'), 1],
    ['71 × ř', times(71, 'ř'), 2],
    ['134 × ř', times(134, 'ř'), 2],
    ['135 × ř', times(135, 'ř'), 3],
    ['80 × €', times(80, '€'), 1],
    ['81 × €', times(81, '€'), 2],
    ['152 a + € + 152 a', `${times(152, 'a')}€${times(152, 'a')}`, 3],
    ['66 ř + 😀 + 66 ř', `${times(66, 'ř')}😀${times(66, 'ř')}`, 3],
    ['an empty body', '', 0],
    ['160 × form feed', times(80, '\f'), 1],
    ['a family emoji across the boundary', `${times(60, 'ř')}${FAMILY}${times(63, 'ř')}`, 3],
  ])('of %s is exact', (_name, body, segments) => {
    expect(countSegments(body).segments).toBe(segments);
  });

  test('is never less than the units would need, and a text that fits alone is one', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const { segments, units, encoding, unitsPerSegment } = countSegments(body);
        expect(segments).toBeGreaterThanOrEqual(Math.ceil(units / unitsPerSegment));
        if (units > 0 && units <= (encoding === 'gsm7' ? 160 : 70)) expect(segments).toBe(1);
      }),
    );
  });
});

describe('the encoding', () => {
  test('is GSM-7 for every character of the alphabet and its extension', () => {
    const alphabet = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà';
    expect(countSegments(alphabet)).toMatchObject({ encoding: 'gsm7', nonGsmCharacters: [] });
    expect(countSegments('^{}\\[~]|€\f')).toMatchObject({ encoding: 'gsm7', units: 20 });
  });

  test.each([...'áčďěíňóřšťúůýžôľĺŕ“–…\u00A0\t`ç😀'])('is UCS-2 for %j', (character) => {
    expect(countSegments(`a${character}a`)).toMatchObject({
      encoding: 'ucs2',
      nonGsmCharacters: [character],
    });
  });

  test('names each character that forced UCS-2 once, in order, whole', () => {
    expect(countSegments(`Příliš žluťoučký ${FAMILY} kůň`).nonGsmCharacters).toEqual([
      ...'říšžťčý',
      FAMILY,
      ...'ůň',
    ]);
  });

  test('does not depend on how the body was composed', () => {
    expect(countSegments(times(70, 'r\u030C'))).toEqual(countSegments(times(70, 'ř')));
    expect(countSegments('10 \u2126')).toMatchObject({ body: '10 Ω', encoding: 'gsm7' });
    fc.assert(
      fc.property(bodies, (body) => {
        expect(countSegments(body.normalize('NFD')).segments).toBe(countSegments(body).segments);
      }),
    );
  });
});

describe('the units', () => {
  test('are septets in GSM-7 and UTF-16 units in UCS-2', () => {
    expect(countSegments('a€')).toMatchObject({ units: 3, unitsPerSegment: 160, remainingUnits: 157 });
    expect(countSegments('ř😀')).toMatchObject({ units: 3, unitsPerSegment: 70, remainingUnits: 67 });
  });

  test('that remain are those of the last part', () => {
    expect(countSegments(times(161, 'a'))).toMatchObject({ unitsPerSegment: 153, remainingUnits: 145 });
    expect(countSegments(`${times(66, 'ř')}😀${times(66, 'ř')}`)).toMatchObject({ remainingUnits: 66 });
    expect(countSegments('')).toMatchObject({ units: 0, unitsPerSegment: 160, remainingUnits: 160 });
  });
});

describe('the parts', () => {
  test('together are the normalised body, and are as many as counted', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const parts = splitIntoSegments(body);
        expect(parts.join('')).toBe(normaliseBody(body));
        expect(parts).toHaveLength(countSegments(body).segments);
        expect(parts).not.toContain('');
      }),
    );
  });

  test('never exceed their limit, and the last one has left what was counted', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const { encoding, unitsPerSegment, remainingUnits } = countSegments(body);
        const sizes = splitIntoSegments(body).map((it) => (encoding === 'gsm7' ? septetsIn(it) : it.length));
        for (const size of sizes) expect(size).toBeLessThanOrEqual(unitsPerSegment);
        expect(unitsPerSegment - (sizes.at(-1) ?? 0)).toBe(remainingUnits);
      }),
    );
  });

  test('never end inside a surrogate pair', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        for (const part of splitIntoSegments(body)) expect(part.isWellFormed()).toBe(true);
      }),
    );
  });

  test('never end inside a grapheme that a part could hold', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        fc.pre(countSegments(body).encoding === 'ucs2');
        const starts = new Set(startsOf(splitIntoSegments(body)));
        let at = 0;
        for (const grapheme of graphemesOf(normaliseBody(body))) {
          const inside = Array.from(grapheme, (_, index) => at + index).slice(1);
          if (grapheme.length <= 67) expect(inside.filter((index) => starts.has(index))).toEqual([]);
          at += grapheme.length;
        }
      }),
    );
  });

  test('never end inside an escape pair, and are filled as far as it allows', () => {
    fc.assert(
      fc.property(gsmBodies, (body) => {
        const parts = splitIntoSegments(body);
        for (const [index, part] of parts.slice(0, -1).entries()) {
          const next = parts[index + 1]?.charAt(0) ?? '';
          expect(septetsIn(part) + septetsIn(next)).toBeGreaterThan(153);
          expect(isGsm7(part)).toBe(true);
        }
      }),
    );
  });

  test('hold a grapheme longer than any part, divided between code points', () => {
    expect(splitIntoSegments(ZALGO).map((part) => part.length)).toEqual([67, 67, 67, 67, 33]);
  });
});

function startsOf(parts: string[]): number[] {
  let at = 0;
  return parts.map((part) => {
    const start = at;
    at += part.length;
    return start;
  });
}
