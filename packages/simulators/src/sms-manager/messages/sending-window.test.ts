import { describe, expect, it } from 'vitest';
import { nextOpening, promotionalWindow } from './sending-window.ts';

const opening = (at: string, window: Parameters<typeof nextOpening>[1]) =>
  nextOpening(new Date(at), window).toISOString();

describe('the window in which a message may be sent', () => {
  it('changes nothing while it is open', () => {
    expect(opening('2026-03-02T11:00:30.000Z', promotionalWindow)).toBe('2026-03-02T11:00:30.000Z');
  });

  it('moves a message of the evening to the morning in the zone of the window', () => {
    expect(opening('2026-03-02T19:00:00.000Z', promotionalWindow)).toBe('2026-03-03T07:00:00.000Z');
    expect(opening('2026-07-02T19:00:00.000Z', promotionalWindow)).toBe('2026-07-03T06:00:00.000Z');
  });

  it('skips days that are not allowed', () => {
    const window = { days: ['thursday' as const], start: '09:30' };
    expect(opening('2026-03-02T11:00:00.000Z', window)).toBe('2026-03-05T09:30:00.000Z');
  });

  it('may span midnight', () => {
    const window = { start: '22:00', end: '06:00' };
    expect(opening('2026-03-02T23:00:00.000Z', window)).toBe('2026-03-02T23:00:00.000Z');
    expect(opening('2026-03-02T06:00:00.000Z', window)).toBe('2026-03-02T22:00:00.000Z');
  });

  it('that never opens holds nothing back', () => {
    expect(opening('2026-03-02T11:00:00.000Z', { days: [] })).toBe('2026-03-02T11:00:00.000Z');
  });
});
