import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canMove, isTerminal, type MessageState, messageStates } from './states.ts';

const state = fc.constantFrom(...messageStates);

describe('a message', () => {
  test('that follows allowed moves never comes back to a state', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 40 }), (wishes) => {
        const visited: MessageState[] = ['accepted'];
        for (const wish of wishes) {
          if (canMove(visited.at(-1) as MessageState, wish)) visited.push(wish);
        }
        expect(new Set(visited).size).toBe(visited.length);
      }),
    );
  });

  test('that has ended can only turn out to be delivered', () => {
    fc.assert(
      fc.property(state, state, (from, to) => {
        fc.pre(isTerminal(from));
        expect(canMove(from, to)).toBe(to === 'delivered' && from !== 'delivered');
      }),
    );
  });

  test('that is open can end in every way', () => {
    const open = messageStates.filter((candidate) => !isTerminal(candidate));
    const ends = messageStates.filter(isTerminal);
    expect(open).toEqual(['accepted', 'sending', 'unknown', 'submitted', 'sent']);
    for (const from of open) for (const to of ends) expect(canMove(from, to)).toBe(true);
  });
});
