import { expect, test } from 'vitest';
import { judgeStory, type ToldMessage } from './judge-story.ts';

const hotel: ToldMessage = {
  tenant: 'Hotel',
  currency: 'CZK',
  id: 'msg_1',
  state: 'delivered',
  reached: {},
  before: '100.00',
  after: '98.50',
  charge: { priceMicros: 1_500_000n, entriesMicros: [-1_500_000n] },
  failure: null,
};
const garage: ToldMessage = {
  ...hotel,
  tenant: 'Garage',
  currency: 'EUR',
  id: 'msg_2',
  before: '50.00',
  after: '49.94',
  charge: { priceMicros: 60_000n, entriesMicros: [-60_000n] },
};

test('all delivered and charged once is a success', () => {
  expect(judgeStory([hotel, garage])).toEqual({
    succeeded: true,
    summary: '2 messages delivered, 1.50 CZK and 0.06 EUR charged',
    remarks: [],
    reasons: [],
  });
});

test('a message that did not arrive fails the story, with its reason', () => {
  const failed: ToldMessage = { ...hotel, state: 'failed', failure: 'no such number' };
  const verdict = judgeStory([failed, garage]);
  expect(verdict.succeeded).toBe(false);
  expect(verdict.summary).toBe('1 of 2 messages delivered, 1.50 CZK and 0.06 EUR charged');
  expect(verdict.reasons).toEqual(['Hotel: msg_1 is failed, not delivered: no such number']);
});

test.each([
  ['twice', [-1_500_000n, -1_500_000n], '-1.50, -1.50'],
  ['not at all', [], 'nothing'],
  ['too little', [-1_400_000n], '-1.40'],
])('a message charged %s fails the story', (_how, entriesMicros, booked) => {
  const verdict = judgeStory([{ ...hotel, charge: { priceMicros: 1_500_000n, entriesMicros } }]);
  expect(verdict.succeeded).toBe(false);
  expect(verdict.reasons[0]).toBe(`Hotel: msg_1 costs 1.50, but the ledger has ${booked}`);
});

test('a message that was refused is no delivery and no charge', () => {
  const refused: ToldMessage = {
    ...hotel,
    id: null,
    state: 'refused',
    charge: null,
    failure: '402, Not enough credit',
  };
  const verdict = judgeStory([refused]);
  expect(verdict.summary).toBe('0 of 1 messages delivered, nothing charged');
  expect(verdict.reasons).toEqual(['Hotel: the message was not accepted: 402, Not enough credit']);
});

test('money that went to earlier messages is said, and is no failure', () => {
  const verdict = judgeStory([{ ...hotel, after: '97.00' }]);
  expect(verdict.succeeded).toBe(true);
  expect(verdict.remarks).toEqual(['Hotel: another 1.50 CZK went to messages of an earlier start']);
});

test('money that came back for an earlier invoice is said, and is no failure', () => {
  const verdict = judgeStory([{ ...garage, after: '50.00' }]);
  expect(verdict.succeeded).toBe(true);
  expect(verdict.remarks).toEqual(['Garage: 0.06 EUR came back for an earlier start']);
});
