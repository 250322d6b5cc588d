import type { LookUpTarget } from '@tollgate/shared/messages/look-ups.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { lockedMessage } from '@tollgate/shared/testing/locked-message.ts';
import { HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { describe, expect, test } from 'vitest';
import type { LookUpResult } from '../providers/sms-provider.ts';
import { decideByLookUp } from './decide-by-look-up.ts';

const now = new Date('2026-11-21T10:00:00Z');
const context = { now, random: 0, reportSource: 'webhook' as const };
const absent = { kind: 'absent', attemptId: 'a' } as const;
const found: LookUpResult = { kind: 'found', attemptId: 'a', reports: [] };

const unknown = lockedMessage({ state: 'unknown', openAttemptId: 'a' });
const submitted: LockedMessage = {
  ...unknown,
  state: 'submitted',
  openAttemptId: null,
  hasAcceptedAttempt: true,
};

const handedOver = (agoMs: number): LookUpTarget => ({
  messageId: 'm',
  attemptId: 'a',
  category: 'transactional',
  openedAt: new Date(now.getTime() - agoMs),
  providerMessageId: null,
  provider: 'sms-manager',
  recipient: '+420777123456',
  sender: null,
  tenantId: 't',
  bodyEncrypted: new Uint8Array(),
  dataKeyWrapped: new Uint8Array(),
  isRepeated: false,
});

describe('a look-up of a hand-over whose outcome is unknown', () => {
  test('keeps waiting while the listing may lag behind', () => {
    const decided = decideByLookUp(unknown, handedOver(9 * MINUTE_MS), absent, context);
    expect(decided).toMatchObject({
      closedAs: null,
      step: { move: { state: 'unknown' }, credit: 'none' },
    });
    expect(decided?.step.move).not.toHaveProperty('notBefore');
  });

  test('allows another attempt once the provider still does not know it after the grace time', () => {
    const decided = decideByLookUp(unknown, handedOver(10 * MINUTE_MS), absent, context);
    expect(decided).toMatchObject({ closedAs: 'not_taken', step: { move: { notBefore: expect.any(Date) } } });
  });

  test('never allows another attempt while the look-up itself fails', () => {
    const failing = { kind: 'unavailable', attemptId: 'a', detail: 'HTTP 500' } as const;
    const decided = decideByLookUp(unknown, handedOver(71 * HOUR_MS), failing, context);
    expect(decided).toMatchObject({ closedAs: null, step: { move: { state: 'unknown' } } });
  });

  test('lets an OTP be sent once more when nobody can tell in time, and only once', () => {
    const failing = { kind: 'unavailable', attemptId: 'a', detail: 'HTTP 500' } as const;
    const otp = { ...unknown, category: 'priority' } as const;
    const asked = (agoMs: number, isRepeated = false) =>
      decideByLookUp(otp, { ...handedOver(agoMs), isRepeated }, failing, context)?.closedAs;
    expect([asked(MINUTE_MS), asked(2 * MINUTE_MS), asked(2 * MINUTE_MS, true)]).toEqual([
      null,
      'unresolved',
      null,
    ]);
    const stale = { ...otp, expiresAt: now };
    expect(decideByLookUp(stale, handedOver(2 * MINUTE_MS), failing, context)?.closedAs).toBeNull();
  });

  test.each(['transactional', 'promotional'] as const)(
    'never repeats a %s message that may have been sent',
    (category) => {
      const failing = { kind: 'unavailable', attemptId: 'a', detail: 'HTTP 500' } as const;
      expect(
        decideByLookUp({ ...unknown, category }, handedOver(HOUR_MS), failing, context)?.closedAs,
      ).toBeNull();
    },
  );

  test('gives up after three days, frees the credit and tells a person', () => {
    const failing = { kind: 'unavailable', attemptId: 'a', detail: 'HTTP 500' } as const;
    const decided = decideByLookUp(unknown, handedOver(72 * HOUR_MS), failing, context);
    expect(decided?.step).toMatchObject({
      move: { state: 'failed', failureCode: 'outcome_unknown' },
      credit: 'release',
      givenUp: { failureClass: 'outcome_unknown' },
    });
  });

  test('marks as unknown what a crashed process left in sending', () => {
    const crashed = { ...unknown, state: 'sending' as const };
    expect(decideByLookUp(crashed, handedOver(MINUTE_MS), absent, context)?.step.move.state).toBe('unknown');
  });
});

describe('a look-up of an attempt beside one that was accepted', () => {
  const rival = { ...unknown, state: 'submitted', hasAcceptedAttempt: true } as const;

  test('never ends the message nor sends it again, whatever it says', () => {
    const expired = { ...rival, expiresAt: now };
    for (const message of [rival, expired]) {
      const decided = decideByLookUp(message, handedOver(HOUR_MS), absent, context);
      expect(decided).toMatchObject({
        closedAs: 'not_taken',
        step: { move: { state: 'submitted', wakeAt: expect.any(Date) }, credit: 'none' },
      });
      expect(decided?.step.move).not.toHaveProperty('notBefore');
    }
  });

  test('gives the attempt up after three days, not the message', () => {
    const failing = { kind: 'unavailable', attemptId: 'a', detail: 'HTTP 500' } as const;
    expect(decideByLookUp(rival, handedOver(72 * HOUR_MS), failing, context)).toMatchObject({
      closedAs: 'unresolved',
      step: { move: { state: 'submitted' }, credit: 'none' },
    });
  });
});

test('a message whose acceptance was just taken back waits for its provider, not for a report', () => {
  const takenBack = { ...submitted, hasAcceptedAttempt: false };
  expect(decideByLookUp(takenBack, handedOver(HOUR_MS), found, context)).toBeNull();
});

describe('a look-up of a message without a last word', () => {
  test('asks again later while the deadline has not come', () => {
    const { step } = decideByLookUp(submitted, handedOver(HOUR_MS), found, context) ?? {};
    expect(step).toMatchObject({
      move: { state: 'submitted', wakeAt: new Date('2026-11-21T11:00:00Z') },
      credit: 'none',
    });
  });

  test('leaves a message sent for good after three days, and keeps its charge', () => {
    const { step } =
      decideByLookUp({ ...submitted, state: 'sent' }, handedOver(72 * HOUR_MS), found, context) ?? {};
    expect(step).toMatchObject({ move: { state: 'sent', wakeAt: null }, credit: 'none' });
  });

  test('frees the credit of a message charged on delivery that was never delivered', () => {
    const message = { ...submitted, state: 'sent', chargeOn: 'delivered' } as const;
    expect(decideByLookUp(message, handedOver(72 * HOUR_MS), found, context)?.step.credit).toBe('release');
  });

  test('fails a submitted message that the provider never mentioned again, and frees its credit', () => {
    const { step } = decideByLookUp(submitted, handedOver(72 * HOUR_MS), absent, context) ?? {};
    expect(step).toMatchObject({ move: { state: 'failed', failureCode: 'no_report' }, credit: 'release' });
  });

  test('leaves a message charged on acceptance charged, because the provider did accept it', () => {
    const message = { ...submitted, chargeOn: 'accepted', reservation: 'captured' } as const;
    const { step } = decideByLookUp(message, handedOver(72 * HOUR_MS), absent, context) ?? {};
    expect(step).toMatchObject({ move: { state: 'failed' }, credit: 'none' });
  });

  test('leaves an accepted attempt alone while another is in flight', () => {
    const repeated = { ...submitted, openAttemptId: 'b' };
    expect(decideByLookUp(repeated, handedOver(72 * HOUR_MS), absent, context)).toBeNull();
  });

  test('draws the line a day later while the provider cannot be asked', () => {
    const failing: LookUpResult = { kind: 'unavailable', attemptId: 'a', detail: 'HTTP 503' };
    const state = (hours: number) =>
      decideByLookUp(submitted, handedOver(hours * HOUR_MS), failing, context)?.step.move.state;
    expect([state(73), state(96)]).toEqual(['submitted', 'failed']);
  });

  test('leaves an ended message alone', () => {
    const delivered = { ...submitted, state: 'delivered' } as const;
    expect(decideByLookUp(delivered, handedOver(HOUR_MS), found, context)).toBeNull();
  });
});
