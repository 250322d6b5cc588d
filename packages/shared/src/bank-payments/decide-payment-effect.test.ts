import { expect, test } from 'vitest';
import { decidePaymentEffect } from './decide-payment-effect.ts';

test.each([
  ['a part', false, 500n, 'none'],
  ['all of it', false, 1_000n, 'settled'],
  ['more than all', false, 1_200n, 'settled'],
  ['more after it was paid', true, 1_200n, 'none'],
  ['too much taken back', true, 1_000n, 'none'],
  ['a heller taken back', true, 999n, 'reopened'],
  ['everything taken back', true, 0n, 'reopened'],
] as const)('%s', (_what, isPaid, receivedMinor, effect) => {
  expect(decidePaymentEffect({ isPaid, receivedMinor, toPayMinor: 1_000n })).toBe(effect);
});
