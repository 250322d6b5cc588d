import { type Currency, microsPerMinorUnit } from '../money/money.ts';

const CENT_MICROS = 10_000n;

/** SQL: micros in a minor unit of column `currency`, from the same table that the rounding uses. */
export const microsPerMinorUnitOfRow = [
  'CASE currency',
  ...Intl.supportedValuesOf('currency').flatMap((code: Currency) => {
    const micros = microsPerMinorUnit(code);
    return micros === CENT_MICROS ? [] : [`WHEN '${code}' THEN ${micros}`];
  }),
  `ELSE ${CENT_MICROS} END`,
].join(' ');
