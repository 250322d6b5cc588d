import { expect, test } from 'vitest';
import { renderTrace } from './trace-line.ts';

const steps = [
  { step: 'accepted', currency: 'EUR' },
  { step: 'handed_over' },
  { step: 'reported', result: 'sent' },
  { step: 'charged', amount: '-0.06', currency: 'EUR' },
];

test('the way of a message is one line, with what was reported and charged', () => {
  expect(renderTrace({ steps, complete: true })).toBe('accepted → handed over → sent → charged 0.06 EUR');
});

test('a way that goes on is left open', () => {
  expect(renderTrace({ steps: steps.slice(0, 2), complete: false })).toBe('accepted → handed over → …');
});
