import type { DocumentData, DocumentLine, DocumentRow } from '../document-data.ts';

export function lineRow(line: Partial<DocumentLine> = {}, isOfSection = false): DocumentRow {
  const full: DocumentLine = {
    kind: 'usage',
    meter: 'sms_sent',
    country: 'CZ',
    unitPriceMicros: 1_500_000n,
    quantity: 1_234n,
    amountMicros: 1_851_000_000n,
    description: 'SMS to CZ at 1.50 CZK',
    ...line,
  };
  return { kind: 'line', isOfSection, line: full };
}

/** A Czech invoice of November for 1,851.00 CZK before tax, to be paid by transfer. */
export function buildDocumentData(overrides: Partial<DocumentData> = {}): DocumentData {
  return {
    kind: 'invoice',
    locale: 'cs',
    number: 'INV2026000123',
    reference: 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e',
    isVoid: false,
    isSection: false,
    issuer: {
      name: 'Tollgate Telekomunikace s.r.o.',
      street: 'Příčná 1892/4',
      city: 'Praha 1',
      postalCode: '110 00',
      country: 'CZ',
      registrationId: '27082440',
      vatId: 'CZ27082440',
      registerNote: 'Zapsáno u Městského soudu v Praze, oddíl C, vložka 12345',
      email: 'fakturace@tollgate.example',
    },
    payer: {
      name: 'Knihkupectví U Žluťoučkého koně, a.s.',
      street: 'Nádražní 77',
      city: 'Ústí nad Labem',
      postalCode: '400 01',
      country: 'CZ',
      registrationId: '00006947',
      vatId: null,
    },
    issuedAt: new Date('2026-12-01T04:00:00Z'),
    issuedOn: '2026-12-01',
    taxPointOn: '2026-11-30',
    dueOn: '2026-12-15',
    creditsNumber: null,
    creditsTopUp: false,
    period: { firstDay: '2026-11-01', lastDay: '2026-11-30', timeZone: 'Europe/Prague' },
    currency: 'CZK',
    rows: [lineRow()],
    vatTreatment: 'standard',
    vatRateBps: 2_100,
    totalMinor: 185_100n,
    vatMinor: 38_871n,
    grossMinor: 223_971n,
    taxedUse: null,
    settledMinor: 0n,
    bank: { iban: 'CZ5855000000001265098001', bic: 'RZBCCZPP', variableSymbol: '2026000123' },
    reminder: null,
    ...overrides,
  };
}
