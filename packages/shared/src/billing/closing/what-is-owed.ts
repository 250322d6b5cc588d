export type Debt = {
  /** Exact price of the SMS, with what earlier invoices carried to this one. */
  usageMicros: bigint;
  balanceMicros: bigint;
  /** What invoices that are not paid yet will settle. */
  unsettledMicros: bigint;
};

/**
 * What a postpaid tenant owes for a period: its debt that no earlier invoice already asks for, but
 * never more than the period's usage. Its own credit is used first.
 */
export function whatIsOwed({ usageMicros, balanceMicros, unsettledMicros }: Debt): bigint {
  const debt = -balanceMicros - unsettledMicros;
  if (debt < 0n) return 0n;
  return debt > usageMicros ? (usageMicros > 0n ? usageMicros : 0n) : debt;
}
