type Given<Values> = { [Name in keyof Values]: Exclude<Values[Name], undefined> };

/** Returns the values without those that are undefined, so that spreading them changes only what was given. */
export function given<Values extends object>(values: Values): Partial<Given<Values>> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Given<Values>>;
}
