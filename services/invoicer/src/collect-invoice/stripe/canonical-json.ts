import { createHash } from 'node:crypto';

/** JSON with sorted keys: equal for equal values, whatever the database made of their order. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Hash of what is asked of Stripe, without the metadata that carries the hash. */
export function hashParams({
  metadata: _,
  ...params
}: {
  metadata?: unknown;
  [name: string]: unknown;
}): string {
  return createHash('sha256').update(canonicalJson(params)).digest('hex').slice(0, 32);
}
