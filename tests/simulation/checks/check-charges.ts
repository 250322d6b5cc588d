import { describeAttempt } from './describe-attempt.ts';
import type { Facts, FactsMessage } from './facts.ts';

/**
 * A message is charged once if what its tenant is charged on happened, as far as we were told, and not
 * at all otherwise. Computed here from the reports alone, in words of its own.
 */
export function checkCharges(facts: Facts): string[] {
  const { messages, entries, accounts } = facts;
  const violations: string[] = [];
  const owed = new Map(accounts.map(({ tenantId }) => [tenantId, 0n]));
  for (const message of messages) {
    const charged = -sum(entries.filter(({ messageId }) => messageId === message.id));
    const expected = isDue(message) ? message.priceMicros : 0n;
    owed.set(message.tenantId, (owed.get(message.tenantId) ?? 0n) + expected);
    if (charged !== expected) {
      violations.push(
        `message ${message.id} is charged ${charged} instead of ${expected}: ${describe(message)}`,
      );
    }
  }
  for (const { tenantId, balanceMicros, reservedMicros } of accounts) {
    const own = entries.filter((entry) => entry.tenantId === tenantId && entry.messageId === null);
    const expected = sum(own) - (owed.get(tenantId) ?? 0n);
    if (balanceMicros !== expected)
      violations.push(`tenant ${tenantId} has ${balanceMicros} instead of ${expected}`);
    if (reservedMicros !== 0n) violations.push(`tenant ${tenantId} still has ${reservedMicros} reserved`);
  }
  return violations;
}

function isDue(message: FactsMessage): boolean {
  if (message.mode === 'test') return false;
  // [307]: our account had no credit. That says nothing of the message, which is handed over again.
  const own = message.attempts.filter(
    ({ reports }) => !reports.some(({ detail }) => detail?.startsWith('[307]')),
  );
  const reported = new Set(own.flatMap(({ reports }) => reports.map(({ result }) => result)));
  if (reported.has('delivered')) return true;
  if (message.state === 'rejected' || reported.has('rejected')) return false;
  switch (message.chargeOn) {
    case 'delivered':
      return false;
    case 'accepted':
      return reported.size > 0 || own.some(({ outcome }) => outcome === 'accepted');
    default:
      return reported.has('sent') || reported.has('undelivered');
  }
}

function sum(entries: readonly { amountMicros: bigint }[]): bigint {
  return entries.reduce((total, { amountMicros }) => total + amountMicros, 0n);
}

function describe({ mode, state, chargeOn, failureCode, attempts }: FactsMessage): string {
  return `${mode} ${state} (${failureCode}) charged on ${chargeOn}; ${attempts.map(describeAttempt).join('; ')}`;
}
