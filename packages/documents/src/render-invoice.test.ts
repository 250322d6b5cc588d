import { create } from 'qrcode';
import { describe, expect, test } from 'vitest';
import type { DocumentData } from './document-data.ts';
import { renderInvoice } from './render-invoice.ts';
import { buildDocumentData, lineRow } from './testing/build-document-data.ts';
import { readPdf } from './testing/read-pdf.ts';
import { wordDocument } from './word-document.ts';

async function read(overrides: Partial<DocumentData> = {}) {
  const { pages, info } = await readPdf(await renderInvoice(buildDocumentData(overrides)));
  return { pages, info, lines: pages.flat(), text: pages.flat().join('\n') };
}

describe('an invoice', () => {
  test('in Czech says who, what, when and how much, with every letter right', async () => {
    const { lines, text, info } = await read();
    expect(text).toContain('Faktura – daňový doklad');
    expect(text).toContain('č. INV2026000123');
    expect(text).toContain('Knihkupectví U Žluťoučkého koně, a.s.');
    expect(lines).toContain('Příčná 1892/4 Nádražní 77');
    expect(lines).toContain('110 00 Praha 1 400 01 Ústí nad Labem');
    expect(text).toContain('DIČ: CZ27082440');
    expect(lines).toContain('1. 12. 2026 30. 11. 2026 15. 12. 2026 2026000123');
    expect(text).toContain('1.–30. 11. 2026 (dny v pásmu Europe/Prague)');
    expect(lines).toContain('SMS – Česko 1 234 1,50 1 851,00');
    expect(text).toMatch(/Celkem bez DPH 1 851,00 Kč/);
    expect(text).toMatch(/DPH 21 % 388,71 Kč/);
    expect(text).toMatch(/K úhradě 2 239,71 Kč|2 239,71 Kč/);
    expect(text).toContain('CZ58 5500 0000 0012 6509 8001');
    expect(text).toContain('Strana 1 z 1');
    expect(info).toMatchObject({ Title: 'Faktura – daňový doklad INV2026000123', Language: 'cs' });
  });

  test('in English writes the same facts its way', async () => {
    const { lines, text } = await read({ locale: 'en', currency: 'EUR' });
    expect(text).toContain('Tax invoice');
    expect(lines).toContain('SMS to Czechia 1,234 1.50 1,851.00');
    expect(text).toContain('1 – 30 November 2026 (days in Europe/Prague)');
    expect(text).toContain('€2,239.71');
    // The Czech payment standard is for crowns alone.
    expect(text).not.toContain('QR payment');
    expect(text).toContain('CZ58 5500 0000 0012 6509 8001');
  });

  test('carries the payment order in a code that the standard’s readers can hold', async () => {
    const { payment } = wordDocument(buildDocumentData());
    const text = payment?.qr?.text ?? '';
    expect(text).toBe(
      'SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:2239.71*CC:CZK*DT:20261215*X-VS:2026000123*MSG:FAKTURA INV2026000123',
    );
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    expect((modules.size - 17) / 4).toBeLessThanOrEqual(7);
    expect((await read()).text).toContain('QR platba');
  });

  test('under reverse charge has no tax on it and says who owes it', async () => {
    const { text } = await read({
      locale: 'en',
      vatTreatment: 'reverse_charge',
      vatRateBps: 0,
      vatMinor: 0n,
      grossMinor: 185_100n,
    });
    expect(text).toContain('Reverse charge: the customer accounts for the VAT');
    expect(text).not.toContain('VAT rate');
  });

  test('names what its payer’s tenants used, and what was rounded', async () => {
    const { lines } = await read({
      rows: [
        lineRow({ amountMicros: 1_550_502_500n }),
        { kind: 'section', name: 'Pobočka Český Krumlov', amountMicros: 300_500_000n },
        lineRow({ country: 'SK', quantity: 200n, amountMicros: 300_500_000n }, true),
      ],
    });
    expect(lines).toContain('SMS – Česko 1 234 1,50 1 550,5025');
    expect(lines).toContain('Pobočka Český Krumlov 300,50');
    expect(lines).toContain('SMS – Slovensko 200 1,50 300,50');
    expect(lines.join('\n')).toMatch(/Zaokrouhlení -0,0025/);
  });

  test.each([
    ['late_usage', 'SMS to CZ at 1.50 CZK, late from 2026-10-31', 'SMS – Česko, dodatečně za 31. 10. 2026'],
    ['late_usage', 'SMS to CZ at 1.50 CZK', 'SMS – Česko, dodatečně za dřívější období'],
  ])('labels %s "%s"', async (kind, description, expected) => {
    expect((await read({ rows: [lineRow({ kind, description })] })).text).toContain(expected);
  });

  test('keeps what an operator wrote as it is', async () => {
    const row = lineRow({ kind: 'charge', meter: '', description: 'Zřízení účtu – Ěščřžýáíéůú' });
    expect((await read({ rows: [row] })).text).toContain('Zřízení účtu – Ěščřžýáíéůú');
  });

  test('that is void says so and asks for nothing', async () => {
    const { text } = await read({ isVoid: true });
    expect(text).toContain('STORNO');
    expect(text).not.toContain('Platba převodem');
  });

  test('of many lines repeats the head of its table and numbers its pages', async () => {
    const rows = Array.from({ length: 120 }, (_, index) =>
      lineRow({ kind: 'charge', meter: '', description: `Položka ${index + 1}` }),
    );
    const { pages } = await read({ rows });
    expect(pages.length).toBeGreaterThanOrEqual(3);
    for (const [index, lines] of pages.entries()) {
      expect(lines.at(-1)).toContain(`Strana ${index + 1} z ${pages.length}`);
      if (lines.some((line) => line.includes('Položka'))) {
        expect(lines.filter((line) => line.startsWith('Popis Množství'))).toHaveLength(1);
      }
    }
    const found = pages.flat().filter((line) => line.startsWith('Položka'));
    expect(found.map((line) => line.split(' ')[1])).toEqual(rows.map((_, index) => String(index + 1)));
  });

  test('keeps its letters whatever was drawn before it', async () => {
    // "ý" is drawn from "y": a document with the one must not cost the next one the other.
    const named = (description: string) => ({ rows: [lineRow({ kind: 'charge', meter: '', description })] });
    await read({ ...named('ÝÝ ýý'), number: 'Ý' });
    expect((await read(named('Yy yY'))).text).toContain('Yy yY');
  });

  test('is the same bytes whenever and however often it is made', async () => {
    const [first, second] = await Promise.all([
      renderInvoice(buildDocumentData()),
      renderInvoice(buildDocumentData()),
    ]);
    expect(second.equals(first)).toBe(true);
    const other = await renderInvoice(buildDocumentData({ number: 'INV2026000124' }));
    expect(other.equals(first)).toBe(false);
  });
});

describe('another document', () => {
  test('a statement says that nothing is to be paid', async () => {
    const { text } = await read({
      kind: 'statement',
      number: 'ST2026000007',
      rows: [
        lineRow(),
        lineRow({ kind: 'covered_by_credit', meter: '', unitPriceMicros: 0n, amountMicros: -1_851_000_000n }),
      ],
      vatTreatment: 'none',
      totalMinor: 0n,
      vatMinor: 0n,
      grossMinor: 0n,
      bank: null,
      dueOn: null,
      taxPointOn: null,
    });
    expect(text).toContain('Vyúčtování spotřeby');
    expect(text).toContain('Uhrazeno z vašeho kreditu -1 851,00');
    expect(text).toContain('Není co platit.');
    expect(text).not.toContain('Platba převodem');
  });

  test.each([
    ['cs', 'Vyúčtování spotřeby – daňový doklad', 'Z kreditu vč. DPH', 'z toho DPH 21 %', 'Není co platit.'],
    ['en', 'Usage statement – tax invoice', 'From credit, incl. VAT', 'of it VAT 21%', 'Nothing to pay.'],
  ] as const)(
    'a statement of taxed use is a tax document and still asks for nothing (%s)',
    async (...expected) => {
      const [locale, title, used, contained, nothing] = expected;
      const { text, lines } = await read({
        kind: 'statement',
        locale,
        number: 'ST2026000007',
        rows: [
          lineRow({ amountMicros: 121_000_000n }),
          lineRow({ kind: 'covered_by_credit', meter: '', unitPriceMicros: 0n, amountMicros: -121_000_000n }),
        ],
        totalMinor: 0n,
        vatMinor: 0n,
        grossMinor: 0n,
        taxedUse: { grossMinor: 12_100n, vatMinor: 2_100n },
        bank: null,
        dueOn: null,
      });
      for (const words of [title, used, contained, nothing]) expect(text).toContain(words);
      const [base, vat, total] =
        locale === 'cs' ? ['100,00', '21,00', '121,00'] : ['100.00', '21.00', '121.00'];
      const row = lines.find((line) => line.includes(base) && line.includes(total));
      expect(row).toContain(vat);
      expect(text).not.toMatch(/Celkem bez DPH|Total before tax/);
    },
  );

  test('an invoice of fees with taxed use has a row of tax for each', () => {
    const { vatTable, sums } = wordDocument(
      buildDocumentData({ locale: 'en', taxedUse: { grossMinor: 12_100n, vatMinor: 2_100n } }),
    );
    const plain = (texts: string[] | undefined) => texts?.map((text) => text.replace(/\s/g, ' '));
    expect(vatTable?.rows.map(plain)).toEqual([
      ['21%', 'CZK 100.00', 'CZK 21.00', 'CZK 121.00'],
      ['21%', 'CZK 1,851.00', 'CZK 388.71', 'CZK 2,239.71'],
    ]);
    expect(sums.map(({ label }) => label)).toEqual([
      'From credit, incl. VAT',
      'of it VAT 21%',
      'Total before tax',
      'VAT 21%',
    ]);
  });

  const topUp = {
    kind: 'top_up',
    number: 'TD2026000001',
    rows: [
      lineRow({
        kind: 'top_up',
        meter: '',
        country: '',
        quantity: 1n,
        unitPriceMicros: 500_000_000n,
        amountMicros: 500_000_000n,
        description: 'SMS credit',
      }),
    ],
    taxPointOn: '2026-11-30',
    totalMinor: 50_000n,
    vatMinor: 10_500n,
    grossMinor: 60_500n,
    period: null,
    dueOn: null,
    bank: null,
  } as const;

  test.each([
    [
      'cs',
      'Daňový doklad k přijaté platbě',
      'Kredit na SMS 1 500,00 500,00',
      'Datum přijetí platby',
      '605,00 Kč',
      'Zaplaceno.',
    ],
    [
      'en',
      'Tax document for a payment received',
      'SMS credit 1 500.00 500.00',
      'Date of payment',
      '605.00',
      'Paid.',
    ],
  ] as const)('a top-up’s says what was paid, and asks for nothing (%s)', async (...expected) => {
    const [locale, title, line, day, gross, paid] = expected;
    const { text, lines } = await read({ ...topUp, rows: [...topUp.rows], locale });
    for (const words of [title, day, gross, paid]) expect(text).toContain(words);
    expect(lines).toContain(line);
    expect(text).not.toMatch(/K úhradě|To pay|Platba převodem/);
  });

  test('a top-up’s without VAT is a receipt and no tax document', async () => {
    const { text } = await read({
      ...topUp,
      rows: [...topUp.rows],
      vatTreatment: 'none',
      vatRateBps: 0,
      vatMinor: 0n,
      grossMinor: 50_000n,
    });
    expect(text).toContain('Potvrzení o přijaté platbě');
    expect(text).not.toContain('Daňový doklad');
    expect(text).toContain('Na tomto dokladu se DPH neúčtuje.');
  });

  test('a refund of a top-up is worded in the language of its document', async () => {
    const { text } = await read({
      kind: 'credit_note',
      number: 'CN2026000001',
      creditsNumber: 'TD2026000001',
      creditsTopUp: true,
      rows: [
        lineRow({
          kind: 'credit',
          meter: '',
          quantity: 1n,
          unitPriceMicros: -100_000_000n,
          amountMicros: -100_000_000n,
          description: 'Credit for invoice TD2026000001: refund of a top-up',
        }),
      ],
      totalMinor: -10_000n,
      vatMinor: -2_100n,
      grossMinor: -12_100n,
      period: null,
      bank: null,
      dueOn: null,
    });
    expect(text).toContain('Opravuje doklad');
    expect(text).toContain('Vrácení platby za kredit 1 -100,00 -100,00');
  });

  test('a credit note names the invoice that it corrects and why, and what it gives back', async () => {
    const { text } = await read({
      kind: 'credit_note',
      number: 'CN2026000001',
      creditsNumber: 'INV2026000123',
      rows: [
        lineRow({
          kind: 'credit',
          meter: '',
          quantity: 1n,
          unitPriceMicros: -100_000_000n,
          amountMicros: -100_000_000n,
          description: 'Credit for invoice INV2026000123: reklamace č. 7: nedoručené zprávy',
        }),
      ],
      totalMinor: -10_000n,
      vatMinor: -2_100n,
      grossMinor: -12_100n,
      bank: null,
      dueOn: null,
    });
    expect(text).toContain('Opravný daňový doklad');
    expect(text).toContain('Opravuje fakturu');
    expect(text).toMatch(/^reklamace č\. 7: nedoručené zprávy 1 -100,00 -100,00$/m);
    expect(text).toContain('Ve váš prospěch');
    expect(text).toContain('121,00 Kč');
  });

  test('a reminder asks for what is left, and its code for no day that has passed', async () => {
    const data = buildDocumentData({
      settledMinor: 100_000n,
      reminder: { level: 2, remindedOn: '2026-12-25', daysPastDue: 10 },
    });
    const { text } = await read(data);
    expect(text).toContain('2. upomínka');
    expect(text).toContain('byla splatná 15. 12. 2026, tedy před 10 dny');
    expect(text).toContain('1 239,71 Kč');
    expect(wordDocument(data).payment?.qr?.text).toContain('*AM:1239.71*CC:CZK*X-VS:');
  });

  test('a reminder of what Stripe collects says that tax is not in it', () => {
    const { intro } = wordDocument(
      buildDocumentData({
        kind: 'statement',
        locale: 'en',
        number: 'A-0001',
        vatTreatment: 'stripe',
        vatRateBps: 0,
        vatMinor: 0n,
        grossMinor: 185_100n,
        bank: null,
        reminder: { level: 1, remindedOn: '2026-12-18', daysPastDue: 3 },
      }),
    );
    expect(intro?.replace(/\s/g, ' ')).toContain('CZK 1,851.00 plus tax of it has not reached us');
  });
});
