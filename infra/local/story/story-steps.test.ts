import { expect, test } from 'vitest';
import { isEnd, reachedSteps } from './story-steps.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 2, 1) + ms);

test('steps are timed from the acceptance', () => {
  const timeline = [
    { at: at(0), event: 'accepted' },
    { at: at(20), event: 'handed_over' },
    { at: at(55), event: 'provider_accepted' },
    { at: at(900), event: 'sent' },
  ];
  expect(reachedSteps(timeline)).toEqual({ accepted: 0, sending: 20, submitted: 55, sent: 900 });
});

test('of two attempts the first is shown, and no clock makes a step come before the acceptance', () => {
  const timeline = [
    { at: at(5), event: 'accepted' },
    { at: at(3), event: 'handed_over' },
    { at: at(70), event: 'handed_over' },
  ];
  expect(reachedSteps(timeline)).toEqual({ accepted: 0, sending: 0 });
});

test('unknown events change nothing, and nothing is known of an empty timeline', () => {
  expect(reachedSteps([])).toEqual({});
  expect(reachedSteps([{ at: at(0), event: 'something_new' }])).toEqual({});
});

test('a message ends where nothing more happens', () => {
  expect(['accepted', 'unknown', 'sent', 'delivered', 'rejected'].filter(isEnd)).toEqual([
    'delivered',
    'rejected',
  ]);
});
