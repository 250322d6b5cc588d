import { Prisma } from '../generated/prisma/client.ts';

/**
 * Tax documents of ours, credit notes, statements, which ask for nothing, and tax documents of top-ups. These
 * have a series of their own: whoever keeps the accounts books an advance apart from an invoice, and a
 * payment that comes in at any moment never waits for a run that closes periods, or holds it up.
 */
export const numberSeries = { ours: 'INV', credit_note: 'CN', statement: 'ST', top_up: 'TD' } as const;

export type NumberSeries = (typeof numberSeries)[keyof typeof numberSeries];

/** Digits of the number after the year: with it they make the ten that a variable symbol may have. */
const SEQUENCE_DIGITS = 6;

/** A document number: series, year and place in it, such as INV2026000001. */
export function formatNumber(series: string, year: number, sequence: number): string {
  return `${series}${year}${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
}

/** The variable symbol of a bank transfer for a numbered document: its last ten digits. */
export function variableSymbol(number: string): string {
  return number.replaceAll(/\D/g, '').slice(-10);
}

/**
 * The next number of a series, as a common table expression `taken(sequence)` for the LAST statement of
 * the issuing transaction. The row stays locked until the commit, so the next one waits: a transaction
 * that fails gives its number back, and no number is missing. The first of a year makes the row.
 */
export function takeNumber(series: NumberSeries, year: number): Prisma.Sql {
  return Prisma.sql`
    taken AS (
      INSERT INTO number_series AS s (series, year, next_number) VALUES (${series}, ${year}, 2)
      ON CONFLICT (series, year) DO UPDATE SET next_number = s.next_number + 1
      RETURNING s.next_number - 1 AS sequence)`;
}

/** The SQL twin of `formatNumber`, of `taken.sequence`. */
export function numberOfTaken(series: NumberSeries, year: number): Prisma.Sql {
  return Prisma.sql`
    ${series}::text || ${String(year)}::text || CASE WHEN taken.sequence < 1000000
      THEN lpad(taken.sequence::text, 6, '0') ELSE taken.sequence::text END`;
}
