export type Interpolation = {
  value: unknown;
  /** Variables that have no default and were not given, with what the file says about them. */
  missing: string[];
};

const REFERENCE = /\$(?:(?<dollar>\$)|\{(?<name>\w+)(?:(?<operator>:?[-?])(?<rest>[^}]*))?\}|(?<bare>\w+))/g;

/**
 * Puts variables into the strings of a parsed file as Compose does: `${NAME}`, `${NAME:-default}`,
 * `${NAME:?what is missing}` and `$$`. With the colon an empty value counts as missing.
 */
export function interpolate(value: unknown, variables: Record<string, string | undefined>): Interpolation {
  const missing = new Set<string>();
  const replace = (text: string) =>
    text.replace(REFERENCE, (...match) => {
      const {
        dollar,
        name,
        operator = '',
        rest = '',
        bare,
      } = match.at(-1) as Record<string, string | undefined>;
      if (dollar) return '$';
      const key = name ?? bare ?? '';
      const given = variables[key];
      if (given !== undefined && (given !== '' || !operator.startsWith(':'))) return given;
      if (operator.endsWith('-')) return rest;
      // A reference without an operator becomes empty with a warning, which is never what somebody wanted.
      missing.add(rest === '' ? key : `${key}: ${rest}`);
      return '';
    });
  return { value: mapStrings(value, replace), missing: [...missing] };
}

function mapStrings(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, replace)]));
}
