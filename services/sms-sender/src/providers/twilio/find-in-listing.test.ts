import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { describe, expect, test } from 'vitest';
import { findCandidates, judgeCandidates } from './find-in-listing.ts';
import type { TwilioMessage } from './read-message.ts';

const openedAt = new Date('2026-03-10T09:00:00Z');
const now = new Date(openedAt.getTime() + 10 * MINUTE_MS);
const recipient = '+420777123456';

const listed = (changes: Partial<TwilioMessage> = {}, afterMs = SECOND_MS): TwilioMessage => ({
  sid: 'SM1',
  status: 'queued',
  to: recipient,
  body: 'Your code is 1',
  direction: 'outbound-api',
  date_created: new Date(openedAt.getTime() + afterMs).toUTCString(),
  ...changes,
});

describe('what an attempt could have become', () => {
  test.each([
    ['a message to the recipient at its time', listed(), 1],
    ['one of Twilio’s clock that is behind', listed({}, -50 * SECOND_MS), 1],
    ['one to somebody else', listed({ to: '+420777000000' }), 0],
    ['one that came in', listed({ direction: 'inbound' }), 0],
    ['an earlier one', listed({}, -2 * MINUTE_MS), 0],
    ['one from after every call of the attempt was over', listed({}, 3 * MINUTE_MS), 0],
  ])('%s: %#', (_, message, count) => {
    expect(findCandidates([message], { recipient, openedAt })).toHaveLength(count);
  });
});

describe('what the candidates prove', () => {
  const circumstances = { body: 'Your code is 1', hasRival: false, now };

  test('none: it was not taken', () => {
    expect(judgeCandidates([], circumstances)).toEqual({ kind: 'absent' });
  });

  test('the very text, once, and nobody else’s: it was taken', () => {
    expect(judgeCandidates([listed()], circumstances)).toMatchObject({
      kind: 'ours',
      message: { sid: 'SM1' },
    });
  });

  test.each([
    ['two of them', [listed(), listed({ sid: 'SM2' })], {}],
    ['another attempt is open', [listed()], { hasRival: true }],
    ['another text', [listed({ body: 'Sent from a trial account - Your code is 1' })], {}],
    ['a text that does not open any more', [listed()], { body: null }],
    ['one that may still be under way', [listed()], { now: new Date(openedAt.getTime() + 30 * SECOND_MS) }],
  ])('%s: neither', (_, candidates, changes) => {
    expect(judgeCandidates(candidates, { ...circumstances, ...changes })).toMatchObject({ kind: 'unclear' });
  });
});
