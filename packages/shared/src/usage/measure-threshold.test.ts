import { expect, test } from 'vitest';
import { measureThreshold } from './measure-threshold.ts';

const state = { usageMicros: 0n, segments: 0n, thresholdMicros: null, thresholdSegments: null };

test.each([
  ['no line', state, null],
  ['a line of nothing', { ...state, thresholdMicros: 0n, usageMicros: 1n }, null],
  [
    'a millionth below the line',
    { ...state, thresholdMicros: 100n, usageMicros: 99n },
    { percent: 99, unit: 'money' },
  ],
  [
    'exactly the line',
    { ...state, thresholdMicros: 100n, usageMicros: 100n },
    { percent: 100, unit: 'money' },
  ],
  [
    'segments nearer than money',
    { usageMicros: 50n, thresholdMicros: 100n, segments: 9n, thresholdSegments: 10n },
    { percent: 90, unit: 'segments' },
  ],
  [
    'money nearer than segments',
    { usageMicros: 95n, thresholdMicros: 100n, segments: 9n, thresholdSegments: 10n },
    { percent: 95, unit: 'money' },
  ],
  [
    'more taken back than used',
    { ...state, thresholdMicros: 100n, usageMicros: -10n },
    { percent: -10, unit: 'money' },
  ],
] as const)('%s', (_name, given, measured) => {
  expect(measureThreshold(given)).toEqual(measured);
});
