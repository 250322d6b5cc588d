import { expect, test } from 'vitest';
import { decideCancel } from './decide-cancel.ts';
import { messageStates } from './states.ts';

test('only what was not handed over and has not ended is canceled', () => {
  const canceled = messageStates.filter(
    (state) => decideCancel({ state, reservation: 'open' }, false) === 'canceled',
  );
  expect(canceled).toEqual(['accepted', 'sending', 'unknown', 'submitted']);
  for (const state of messageStates) {
    const late = state === 'canceled' ? 'canceled_before' : 'too_late';
    expect(decideCancel({ state, reservation: 'open' }, true), state).toBe(late);
  }
});

test('what was charged is too late, though the provider gave it back', () => {
  expect(decideCancel({ state: 'submitted', reservation: 'captured' }, false)).toBe('too_late');
});
