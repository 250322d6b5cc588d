import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGsm7 } from './gsm7.ts';
import { transliterateToGsm7 } from './transliterate.ts';

const gsmCharacters = fc.constantFrom(
  ...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./019:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€',
);
const awkward = fc.constantFrom(
  ...['ř', 'ł', '„', '…', '\u00A0', '\t', '\u200B', '\u00AD', '\u200D', '\u030C', '\u0301', '\uFE0F'],
  ...['👍🏽', '👨‍👩‍👧', '🇨', '🇿', 'ж', 'ά', 'क', '्', 'ि', 'ᄒ', 'ᅡ', '\u0600', '\uD83D', 'ǿ', '1️⃣'],
);
const texts = fc
  .array(fc.oneof(gsmCharacters, awkward, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 40 })
  .map((pieces) => pieces.join(''));

describe('a GSM-7 spelling', () => {
  test.each([
    ['Příliš žluťoučký kůň úpěl ďábelské ódy', 'Prilis zlutoucky kun upel dabelské ody'],
    ['Vážený zákazník', 'Vazeny zakaznik'],
    ['Kŕdeľ ďatľov učí koňa žrať kôru', 'Krdel datlov uci kona zrat koru'],
    ['Zażółć gęślą jaźń ŁÓDŹ', 'Zazolc gesla jazn LODZ'],
    ['garçon, cœur, Đakovo, Þór, ığdır', 'garcon, coeur, Dakovo, Thor, igdir'],
    ['„A“ – ‚B‘ — «C»…', `"A" - 'B' - "C"...`],
    ['1\u00A0500\u202FKč\t−5', '1 500 Kc -5'],
    ['x\u030C e\u0301 1️⃣ zero\u200Bwidth so\u00ADft', 'x é 1 zerowidth soft'],
  ])('is offered for %j', (text, offered) => {
    expect(transliterateToGsm7(text)).toBe(offered);
  });

  test('leaves what has none, whole', () => {
    expect(transliterateToGsm7('Přijďte 👍🏽 👨‍👩‍👧 в 8')).toBe('Prijdte 👍🏽 👨‍👩‍👧 в 8');
  });

  test('keeps the letters with marks that GSM-7 has', () => {
    expect(transliterateToGsm7('éÉäöüÄÖÜñÑàèìòùåÅøØæÆßÇ')).toBe('éÉäöüÄÖÜñÑàèìòùåÅøØæÆßÇ');
    fc.assert(
      fc.property(fc.string({ unit: gsmCharacters }), (text) => {
        expect(transliterateToGsm7(text)).toBe(text);
      }),
    );
  });

  test('of a spelling is itself', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = transliterateToGsm7(text);
        expect(transliterateToGsm7(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('exists for every letter of the Latin languages around', () => {
    const letters = 'áčďéěíňóřšťúůýžľĺŕôäąćęłńóśźżăâîșțçğışőűđāēģīķļņūėįųõ';
    expect(isGsm7(transliterateToGsm7(letters + letters.toUpperCase()))).toBe(true);
  });
});
