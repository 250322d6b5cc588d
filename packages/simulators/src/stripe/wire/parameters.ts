import { z } from 'zod';

const decimalPlacesMax = 12;

/** Why a value is refused, told to `refuseParameters` in the `params` of a zod issue. */
export interface ParameterMistake {
  code?: string;
  /** What was expected, for the message. */
  expected?: string;
}

function scalar<Value>(expected: string, code: string, read: (text: string) => Value | undefined) {
  return z.string().transform((text, context) => {
    const mistake = text === '' ? { code: 'parameter_invalid_empty' } : { code, expected };
    const value = text === '' ? undefined : read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', params: mistake, input: text });
    return z.NEVER;
  });
}

/** Text that must not be empty; lengths are in characters. */
export const text = (lengthMax = 5000) =>
  scalar(`string of at most ${lengthMax} characters`, 'parameter_invalid_string', (given) =>
    [...given].length <= lengthMax ? given : undefined,
  );

export const integer = scalar('integer', 'parameter_invalid_integer', (given) =>
  /^-?\d{1,15}$/.test(given) ? Number(given) : undefined,
);

export const natural = scalar('non-negative integer', 'parameter_invalid_integer', (given) =>
  /^\d{1,15}$/.test(given) ? Number(given) : undefined,
);

export const boolean = scalar('boolean', 'parameter_invalid_boolean', (given) =>
  given === 'true' || given === 'false' ? given === 'true' : undefined,
);

/** A decimal number kept as text, with at most twelve places. */
export const decimal = scalar('decimal', 'parameter_invalid_decimal', (given) =>
  new RegExp(`^-?\\d{1,15}(\\.\\d{1,${decimalPlacesMax}})?$`).test(given) ? given : undefined,
);

export const currency = scalar('currency', 'parameter_invalid_string', (given) =>
  /^[a-z]{3}$/i.test(given) ? given.toLowerCase() : undefined,
);

/** Accepts an array as the form gives it: an object with the keys 0, 1, 2, … */
export function list<Item extends z.ZodType>(item: Item) {
  return z.preprocess((given) => {
    const isIndexed = typeof given === 'object' && given !== null && Object.keys(given).every(isIndex);
    return isIndexed ? Object.values(given) : given;
  }, z.array(item));
}

/** Accepts an empty value, which unsets the parameter, as null. */
export function unsettable<Value extends z.ZodType>(value: Value) {
  return z.preprocess((given) => (given === '' ? null : given), value.nullable());
}

const metadataEntry = z.string().max(500);

/** Changes to metadata: an empty value deletes a key, null all of them. */
export const metadata = unsettable(
  z.record(
    z
      .string()
      .min(1)
      .max(40)
      .regex(/^[^[\]]*$/),
    metadataEntry,
  ),
).optional();

export const expand = list(text()).optional();

/** A filter by an instant in seconds: one exact value or bounds. */
export const instantFilter = z
  .preprocess(
    (given) => (typeof given === 'string' ? { gte: given, lte: given } : given),
    z.strictObject({
      gt: integer.optional(),
      gte: integer.optional(),
      lt: integer.optional(),
      lte: integer.optional(),
    }),
  )
  .optional();

export type InstantFilter = z.output<typeof instantFilter>;

/** What every list takes. */
export const listParameters = {
  expand,
  limit: integer.optional(),
  starting_after: text().optional(),
  ending_before: text().optional(),
};

/** Parameters that Stripe has and this simulator does not: refused loudly instead of being ignored. */
export function notSimulated<Name extends string>(
  ...names: Name[]
): Record<Name, z.ZodOptional<z.ZodUndefined>> {
  const params: ParameterMistake = { code: 'not_simulated' };
  const refused = z.custom<undefined>(() => false, { params }).optional();
  const entries = names.map((name) => [name, refused] as const);
  return Object.fromEntries(entries) as unknown as Record<Name, z.ZodOptional<z.ZodUndefined>>;
}

function isIndex(key: string): boolean {
  return /^\d+$/.test(key);
}
