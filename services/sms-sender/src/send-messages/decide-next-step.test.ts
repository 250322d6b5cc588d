import { lockedMessage } from '@tollgate/shared/testing/locked-message.ts';
import { describe, expect, test } from 'vitest';
import { decideNextStep, type StepContext } from './decide-next-step.ts';
import { REFUSALS_MAX } from './retry-policy.ts';

const now = new Date('2026-11-21T10:00:00Z');
const context: StepContext = {
  now,
  random: 0,
  reportSource: 'webhook',
};

const sending = lockedMessage({ state: 'sending', openAttemptId: 'a' });

const accepted = { kind: 'accepted', providerMessageId: 'p', providerRequestId: null } as const;
const unavailable = { kind: 'unavailable', code: 'not_reached', detail: 'no answer (ECONNREFUSED)' } as const;
const refused = { kind: 'unavailable', code: 'not_taken', detail: 'not taken over' } as const;

describe('after a hand-over', () => {
  test('an accepted message is submitted and not yet charged', () => {
    expect(decideNextStep(sending, accepted, context)).toMatchObject({
      move: { state: 'submitted' },
      credit: 'none',
    });
  });

  test('an accepted message is charged at once where the tenant is charged on acceptance', () => {
    const { credit } = decideNextStep({ ...sending, chargeOn: 'accepted' }, accepted, context);
    expect(credit).toBe('capture');
  });

  test('a rejected message ends and its credit is free again', () => {
    const outcome = { kind: 'rejected', code: 'provider_refused', detail: 'HTTP 400' } as const;
    expect(decideNextStep(sending, outcome, context)).toMatchObject({
      move: { state: 'rejected', failureCode: 'provider_refused', finishedAt: now, wakeAt: null },
      credit: 'release',
    });
  });

  test('an unknown outcome keeps the credit and never leads to another hand-over by itself', () => {
    const { move, credit } = decideNextStep(sending, { kind: 'unknown', detail: 'timeout' }, context);
    expect(move).toMatchObject({ state: 'unknown' });
    expect(move).not.toHaveProperty('notBefore');
    expect(credit).toBe('none');
  });

  test.each([unavailable, refused, { kind: 'throttled', detail: 'HTTP 429' }] as const)(
    '%j is tried again later, with its credit held',
    (outcome) => {
      const { move, credit } = decideNextStep(sending, outcome, context);
      expect(move).toMatchObject({ state: 'sending', notBefore: new Date('2026-11-21T10:00:01Z') });
      expect(credit).toBe('none');
    },
  );

  test('retries wait longer each time', () => {
    const delays = [1, 2, 3, 4].map((attemptCount) => {
      const { move } = decideNextStep({ ...sending, attemptCount }, unavailable, context);
      return (move.notBefore as Date).getTime() - now.getTime();
    });
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test('a message whose validity ends before the next try expires and is released', () => {
    const message = { ...sending, expiresAt: new Date('2026-11-21T10:00:00.500Z') };
    expect(decideNextStep(message, unavailable, context)).toMatchObject({
      move: { state: 'expired' },
      credit: 'release',
    });
  });

  test('a message that the provider refused too often fails, is released and becomes a dead letter', () => {
    const step = decideNextStep({ ...sending, refusalCount: REFUSALS_MAX - 1 }, refused, context);
    expect(step).toMatchObject({
      move: { state: 'failed' },
      credit: 'release',
      givenUp: { failureClass: 'provider_unavailable' },
    });
  });

  test.each([unavailable, { kind: 'throttled', detail: 'HTTP 429' }] as const)(
    '%j speaks of the provider: the message is tried again for as long as it is valid',
    (outcome) => {
      const message = { ...sending, attemptCount: 500, refusalCount: REFUSALS_MAX - 1 };
      expect(decideNextStep(message, outcome, context).move).toMatchObject({ state: 'sending' });
    },
  );

  test('a blocked provider keeps the message and its credit until it is resumed, but not past its validity', () => {
    const { move, credit } = decideNextStep(
      sending,
      { kind: 'provider_blocked', detail: 'HTTP 403' },
      context,
    );
    expect(move).toMatchObject({ state: 'sending', holdReason: 'provider', wakeAt: sending.expiresAt });
    expect(credit).toBe('none');
  });

  test('a message charged on an acceptance that was taken back gets its price back when it ends unsent', () => {
    const message = { ...sending, reservation: 'captured', expiresAt: now } as const;
    expect(decideNextStep(message, unavailable, context)).toMatchObject({
      move: { state: 'expired' },
      credit: 'refund',
    });
  });
});
