import { describe, expect, test } from 'vitest';
import { isWanted } from './is-wanted.ts';
import { noticeKinds } from './notices.ts';

const open = { notifications: true, reminders: true, mutedKinds: [] };

describe('a tenant', () => {
  test('that switched mails off gets none of any kind', () => {
    for (const kind of noticeKinds) expect(isWanted(kind, { ...open, notifications: false })).toBe(false);
  });

  test('that muted every kind still gets its invoices and reminders', () => {
    const wanted = noticeKinds.filter((kind) => isWanted(kind, { ...open, mutedKinds: noticeKinds }));
    expect(wanted).toEqual(['invoice_issued', 'reminder']);
  });

  test('that switched reminders off gets everything else', () => {
    const unwanted = noticeKinds.filter((kind) => !isWanted(kind, { ...open, reminders: false }));
    expect(unwanted).toEqual(['reminder']);
  });
});
