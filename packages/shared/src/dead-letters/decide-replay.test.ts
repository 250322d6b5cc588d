import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageStates } from '../messages/states.ts';
import { decideReplay, type MessageFacts, type ReplayFacts } from './decide-replay.ts';

const now = new Date('2026-03-10T09:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

const message = (overrides: Partial<MessageFacts> = {}): MessageFacts => ({
  state: 'failed',
  expiresAt: later(600),
  isReplayed: false,
  mayHaveBeenSent: false,
  sendingAllowed: true,
  bodyOpens: true,
  ...overrides,
});

const letter = (overrides: Partial<ReplayFacts> = {}): ReplayFacts => ({
  failureClass: 'provider_unavailable',
  payload: 'fits',
  message: message(),
  ...overrides,
});

const decide = (facts: ReplayFacts, dueAt = now) => decideReplay(facts, now, dueAt);

describe('a message that was given up', () => {
  test('is replayed while it is valid', () => {
    expect(decide(letter())).toEqual({ kind: 'replay' });
  });

  test('is over from the instant at which its validity ends', () => {
    expect(decide(letter({ message: message({ expiresAt: later(0.001) }) }))).toEqual({ kind: 'replay' });
    expect(decide(letter({ message: message({ expiresAt: now }) }))).toEqual({ kind: 'expired' });
  });

  test.each([
    ['outcome_unknown', letter({ failureClass: 'outcome_unknown' })],
    ['message_is_gone', letter({ message: 'gone' })],
    ['message_moved_on', letter({ message: message({ state: 'delivered' }) })],
    ['may_have_been_sent', letter({ message: message({ mayHaveBeenSent: true }) })],
    ['already_replayed', letter({ message: message({ isReplayed: true }) })],
    ['tenant_may_not_send', letter({ message: message({ sendingAllowed: false }) })],
    ['body_does_not_open', letter({ message: message({ bodyOpens: false }) })],
  ])('is refused and stays open: %s', (reason, facts) => {
    expect(decide(facts)).toEqual({ kind: 'refused', reason });
  });

  test('is not taken when its validity ends before its turn', () => {
    expect(decide(letter(), later(599))).toEqual({ kind: 'replay' });
    expect(decide(letter(), later(600))).toEqual({ kind: 'refused', reason: 'over_before_its_turn' });
  });
});

describe('a job that ran out of attempts', () => {
  test.each([
    ['fits', { kind: 'replay' }],
    ['does_not_fit', { kind: 'refused', reason: 'payload_does_not_fit' }],
    ['queue_unknown', { kind: 'refused', reason: 'queue_unknown' }],
  ] as const)('whose payload %s', (payload, decision) => {
    expect(decide(letter({ message: null, payload }))).toEqual(decision);
  });
});

const anyMessage = fc.record({
  state: fc.constantFrom(...messageStates),
  expiresAt: fc.integer({ min: -1_000, max: 1_000 }).map(later),
  isReplayed: fc.boolean(),
  mayHaveBeenSent: fc.boolean(),
  sendingAllowed: fc.boolean(),
  bodyOpens: fc.boolean(),
});

test('nothing stale, unknown, replayed or delivered is ever sent again', () => {
  const anyLetter = fc.record({
    failureClass: fc.constantFrom('provider_unavailable', 'outcome_unknown'),
    payload: fc.constantFrom('fits' as const, 'does_not_fit' as const, 'queue_unknown' as const),
    message: anyMessage,
  });
  fc.assert(
    fc.property(anyLetter, fc.integer({ min: 0, max: 1_000 }).map(later), (facts, dueAt) => {
      if (decide(facts, dueAt).kind !== 'replay') return;
      expect(facts.failureClass).not.toBe('outcome_unknown');
      expect(facts.message.state).toBe('failed');
      expect(facts.message.isReplayed).toBe(false);
      expect(facts.message.mayHaveBeenSent).toBe(false);
      expect(facts.message.expiresAt > dueAt).toBe(true);
    }),
  );
});
