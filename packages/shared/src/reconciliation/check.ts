/** Something that is always true of the books, and the question that finds where it is not. */
export type Check = {
  /** Stable, in kebab-case: alerts, reports and runbooks refer to it. */
  name: string;
  /** What is always true, in one sentence. */
  statement: string;
  /**
   * One SELECT of (subject text, tenant_id uuid, detail text), a row per discrepancy. The instant that the books are
   * looked at is `(SELECT instant FROM as_of)`, so that a check can be run as of any moment.
   */
  sql: string;
};

/** A row that contradicts a check. */
export type Discrepancy = {
  /** The id of the row; for an account, tenant id and currency. */
  subject: string;
  tenantId: string;
  /** What was expected and what was found. */
  detail: string;
};

/** Constants of our own code as a list for SQL's IN; never for what comes from outside. */
export function quotedList(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
