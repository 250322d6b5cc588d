/** Returns fields that Stripe always shows and that are never set here. */
export function absent<Name extends string>(...names: Name[]): Record<Name, null> {
  return Object.fromEntries(names.map((name) => [name, null])) as Record<Name, null>;
}
