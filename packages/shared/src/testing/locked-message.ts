import type { LockedMessage } from '../messages/message.ts';

/** A live message of one segment at 1.50 CZK whose credit is held, as decisions get it. */
export function lockedMessage(overrides: Partial<LockedMessage> = {}): LockedMessage {
  return {
    id: 'message',
    tenantId: 'tenant',
    mode: 'live',
    category: 'transactional',
    state: 'submitted',
    country: 'CZ',
    campaign: null,
    batchId: null,
    segments: 1,
    currency: 'CZK',
    unitPriceMicros: 1_500_000n,
    priceMicros: 1_500_000n,
    chargeOn: 'sent',
    attemptCount: 1,
    refusalCount: 0,
    hasAcceptedAttempt: false,
    acceptedAt: new Date('2026-11-21T10:00:00Z'),
    expiresAt: new Date('2026-11-22T10:00:00Z'),
    reportDeadline: null,
    reservation: 'open',
    openAttemptId: null,
    ...overrides,
  };
}
