/** settled: it is paid now. reopened: it was paid and is not any more. none: it stays as it was. */
export type PaymentEffect = 'settled' | 'reopened' | 'none';

/** What all the money that came in for an invoice makes of it; `toPayMinor` is what it asks for less credit notes. */
export function decidePaymentEffect({
  isPaid,
  receivedMinor,
  toPayMinor,
}: {
  isPaid: boolean;
  receivedMinor: bigint;
  toPayMinor: bigint;
}): PaymentEffect {
  const isCovered = receivedMinor >= toPayMinor;
  if (isCovered === isPaid) return 'none';
  return isCovered ? 'settled' : 'reopened';
}
