import type { ReportedAttempt } from '@tollgate/shared/messages/attempts.ts';
import type { ReportResult } from '@tollgate/shared/messages/delivery-reports.ts';
import type { ChargeOn } from '@tollgate/shared/messages/message.ts';

/** How an attempt stands: the provider's strongest word, or none yet, or it was never taken. */
export type Standing = ReportResult | 'open' | 'not_taken';

// Strongest first: whatever order reports arrive in, the same set gives the same end.
const strongestFirst = ['delivered', 'rejected', 'failed', 'undelivered', 'sent', 'sending'] as const;

/** How one attempt stands after all that was reported of it. */
export function standingOf({ outcome, isOpen, results }: JudgedAttempt): Standing {
  if (results.includes('delivered')) return 'delivered';
  const wasSent = results.includes('sent') || results.includes('undelivered');
  // Refused for want of credit: the provider wants it again as a new request.
  if (outcome === 'provider_blocked' && !wasSent) return 'not_taken';
  const strongest = strongestFirst.find((result) => results.includes(result));
  if (strongest !== undefined) return strongest;
  if (isOpen) return 'open';
  return outcome === 'accepted' ? 'sending' : 'not_taken';
}

export type JudgedAttempt = Pick<ReportedAttempt, 'outcome' | 'isOpen' | 'results'>;

// What is still on its way outweighs what has failed: one attempt's end does not end the message.
const weightiestFirst = [
  'delivered',
  'sent',
  'sending',
  'open',
  'undelivered',
  'failed',
  'rejected',
  'not_taken',
] as const satisfies readonly Standing[];

/** How a message stands, given its attempts: as the one that got furthest or may still get there. */
export function judgeAttempts(attempts: readonly JudgedAttempt[]): Standing {
  const standings = new Set(attempts.map(standingOf));
  return weightiestFirst.find((standing) => standings.has(standing)) ?? 'not_taken';
}

/** Whether what the tenant is charged on has happened in an attempt: for a sent charge, `undelivered` implies sent. */
export function isChargeDue(chargeOn: ChargeOn, attempt: JudgedAttempt): boolean {
  const { outcome, results } = attempt;
  if (results.includes('delivered')) return true;
  if (results.includes('rejected') || chargeOn === 'delivered') return false;
  if (chargeOn === 'accepted') return outcome === 'accepted';
  return results.includes('sent') || results.includes('undelivered');
}
