import type { LimitUnit } from '@tollgate/shared/guards/guard-rules.ts';
import { formatMicros, parseDecimalToMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';

/** A limit as callers write it: segments as a whole number, money as a decimal string. */
export const LimitValue = z
  .union([z.int().min(1).max(1_000_000_000), z.string().regex(/^(?!0+(?:\.0+)?$)\d{1,9}(?:\.\d{1,6})?$/)], {
    error: 'must be a number of segments such as 500, or an amount of money such as "250.00"',
  })
  .meta({ description: 'Segments as a number, or money as a string, as limitUnit says.' });

export type LimitValue = z.infer<typeof LimitValue>;

/** What was counted against a limit, or is left of it: as the limit, and may be nothing. */
export const LimitCount = z
  .union([z.int().min(0), z.string()])
  .meta({ description: 'Segments as a number, or money as a string, as limitUnit says.' });

/** The limit as it is stored; null where it does not fit the unit. */
export function readLimit(value: LimitValue, unit: LimitUnit): bigint | null {
  if (unit === 'segments') return typeof value === 'number' ? BigInt(value) : null;
  return typeof value === 'string' ? parseDecimalToMicros(value) : null;
}

/** A stored limit, or what is left of one, as callers write it. */
export function writeLimit(value: bigint, unit: LimitUnit): LimitValue {
  return unit === 'segments' ? Number(value) : formatMicros(value);
}
