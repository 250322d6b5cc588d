import { type ReportResult, reportResults } from '@tollgate/shared/messages/delivery-reports.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import { lockedMessage } from '@tollgate/shared/testing/locked-message.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProviderReport } from '../providers/sms-provider.ts';
import { decideByReports } from './decide-by-reports.ts';
import type { JudgedAttempt } from './judge-attempts.ts';

const now = new Date('2026-11-21T10:00:00Z');

const submitted = lockedMessage({ state: 'submitted' });

function reportOf(result: ReportResult): ProviderReport {
  return {
    attemptId: 'a',
    result,
    failureCode: null,
    detail: null,
    occurredAt: now,
    providerMessageId: null,
    parts: null,
    costMicros: null,
    costCurrency: null,
  };
}

function attemptWith(results: Iterable<ReportResult>): JudgedAttempt {
  return { outcome: 'accepted', isOpen: false, results: [...results] };
}

/** Applies reports one at a time, as webhooks would, and keeps the account that results. */
function applyInOrder(message: LockedMessage, order: readonly ReportResult[]) {
  let current = message;
  const seen = new Set<ReportResult>();
  let charges = 0;
  for (const result of order) {
    if (seen.has(result)) continue;
    seen.add(result);
    const { move, credit } = decideByReports(
      current,
      { attempts: [attemptWith(seen)], fresh: [reportOf(result)] },
      { now, reportSource: 'webhook' },
    );
    // As the ledger does: each of charge, refund and second charge is booked once, and only if it is missing.
    if (credit === 'capture') charges = 1;
    if (credit === 'refund') charges = 0;
    const wasOpen = current.reservation === 'open';
    const resolved = credit === 'capture' ? 'captured' : credit === 'release' ? 'released' : 'open';
    const reservation = wasOpen ? resolved : credit === 'capture' ? 'captured' : current.reservation;
    current = { ...current, state: move.state, reservation };
  }
  return { state: current.state, charges, reservation: current.reservation };
}

describe('reports of a message', () => {
  test.each([
    ['sent', 'sending', [], 0],
    ['sent', 'sent', ['sent'], 1],
    ['sent', 'delivered', ['delivered'], 1],
    ['sent', 'undelivered', ['undelivered'], 1],
    ['sent', 'rejected', ['rejected'], 0],
    ['sent', 'failed', ['failed'], 0],
    ['delivered', 'sent', ['sent'], 0],
    ['delivered', 'delivered', ['sent', 'delivered'], 1],
    ['delivered', 'undelivered', ['sent', 'undelivered'], 0],
  ] as const)(
    'charged on %s: after "%s" the message is charged as it should be',
    (chargeOn, _last, order, charges) => {
      expect(applyInOrder({ ...submitted, chargeOn }, order).charges).toBe(charges);
    },
  );

  test('a delivery that overtakes the provider’s answer tells that the message was handed over', () => {
    const { move } = decideByReports(
      lockedMessage({ state: 'sending' }),
      { attempts: [attemptWith(['delivered'])], fresh: [reportOf('delivered')] },
      { now, reportSource: 'webhook' },
    );
    expect(move).toMatchObject({ state: 'delivered', submittedAt: now });
  });

  test('a rejection after a capture gives the price back once', () => {
    expect(applyInOrder(submitted, ['sent', 'rejected'])).toMatchObject({ charges: 0 });
  });

  test('a delivery after a rejection is charged after all', () => {
    expect(applyInOrder(submitted, ['sent', 'rejected', 'delivered'])).toEqual({
      state: 'delivered',
      charges: 1,
      reservation: 'captured',
    });
  });

  test('a rejection for want of our own credit keeps the message, its reservation and its turn', () => {
    const refused = { ...attemptWith(['rejected']), outcome: 'provider_blocked' } as const;
    const step = decideByReports(
      submitted,
      { attempts: [refused], fresh: [reportOf('rejected')] },
      { now, reportSource: 'webhook' },
    );
    expect(step).toMatchObject({
      move: { state: 'submitted', holdReason: 'provider', wakeAt: submitted.expiresAt },
      credit: 'none',
    });
  });

  test('a rejection for want of our own credit that comes after the message was given up gives the price back', () => {
    const refused = { ...attemptWith(['failed', 'rejected']), outcome: 'provider_blocked' } as const;
    const failed = { ...submitted, chargeOn: 'accepted', state: 'failed', reservation: 'captured' } as const;
    const step = decideByReports(
      failed,
      { attempts: [refused], fresh: [reportOf('rejected')] },
      { now, reportSource: 'webhook' },
    );
    expect(step).toMatchObject({ move: { state: 'failed' }, credit: 'refund' });
  });

  describe('of one of two attempts', () => {
    const judge = (attempts: JudgedAttempt[], message = submitted) =>
      decideByReports(message, { attempts, fresh: [reportOf('rejected')] }, { now, reportSource: 'webhook' });
    const rejected = attemptWith(['rejected']);
    const inFlight: JudgedAttempt = { outcome: null, isOpen: true, results: [] };

    test('do not end the message while the other is in flight', () => {
      const sending = { ...submitted, state: 'sending', openAttemptId: 'b' } as const;
      expect(judge([rejected, inFlight], sending)).toMatchObject({
        move: { state: 'sending' },
        credit: 'none',
      });
    });

    test('do not give back the charge of the other', () => {
      const charged = { ...submitted, state: 'sent', reservation: 'captured' } as const;
      expect(judge([attemptWith(['sent']), rejected], charged)).toMatchObject({
        move: { state: 'sent' },
        credit: 'none',
      });
    });

    test('end it when neither got through', () => {
      expect(judge([rejected, rejected])).toMatchObject({ move: { state: 'rejected' }, credit: 'release' });
    });
  });

  test('a late report captures a message that was released', () => {
    const released = { ...submitted, state: 'failed', reservation: 'released' } as const;
    expect(applyInOrder(released, ['sent'])).toMatchObject({ charges: 1, state: 'failed' });
    expect(applyInOrder(released, ['delivered'])).toMatchObject({ charges: 1, state: 'delivered' });
  });

  test('a message that we rejected ourselves is not charged for a late "sent", but for a late "delivered"', () => {
    const rejected = { ...submitted, state: 'rejected', reservation: 'released' } as const;
    expect(applyInOrder(rejected, ['sent'])).toMatchObject({ charges: 0, state: 'rejected' });
    expect(applyInOrder(rejected, ['sent', 'delivered'])).toMatchObject({ charges: 1, state: 'delivered' });
  });

  test('an ended message leaves no reservation open, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...reportResults]),
        fc.constantFrom('accepted', 'sent', 'delivered'),
        (order, chargeOn) => {
          const { state, reservation } = applyInOrder({ ...submitted, chargeOn }, order);
          if (canMove('sent', state)) expect(reservation).not.toBe('open');
        },
      ),
    );
  });

  test('come to the same charge in every order, copies or not', () => {
    const genuine = fc.constantFrom<ReportResult[]>(
      ['sending', 'sent', 'delivered'],
      ['sent', 'undelivered'],
      ['sending', 'rejected'],
      ['sending', 'failed'],
      ['sent', 'rejected'],
      ['sent', 'rejected', 'delivered'],
    );
    fc.assert(
      fc.property(
        genuine.chain((results) =>
          fc.shuffledSubarray([...results, ...results], { minLength: results.length * 2 }),
        ),
        fc.constantFrom('sent' as const, 'delivered' as const),
        (order, chargeOn) => {
          const inOrder = reportResults.filter((result) => order.includes(result));
          const message = { ...submitted, chargeOn };
          expect(applyInOrder(message, order).charges).toBe(applyInOrder(message, inOrder).charges);
        },
      ),
    );
  });

  test('never move a message backward', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...reportResults), { minLength: 1 }), (order) => {
        let current = submitted;
        const seen = new Set<ReportResult>();
        for (const result of order) {
          seen.add(result);
          const { move } = decideByReports(
            current,
            { attempts: [attemptWith(seen)], fresh: [reportOf(result)] },
            { now, reportSource: 'webhook' },
          );
          expect(move.state === current.state || canMove(current.state, move.state)).toBe(true);
          current = { ...current, state: move.state };
        }
      }),
    );
  });
});
