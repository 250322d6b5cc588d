import { expect, test } from 'vitest';
import { activeSpans, deletedAt, planSpans } from './tenant-history.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 10, hour));
const event = (kind: string, hour: number, detail: unknown = {}) => ({ kind, detail, occurredAt: at(hour) });

test('a tenant is active between what suspends and what resumes it, until it is deleted', () => {
  const events = [
    event('suspended', 2),
    event('suspended', 3),
    event('resumed', 4),
    event('resumed', 5),
    event('suspended', 6),
    event('deleted', 7),
    event('resumed', 8),
  ];
  expect(activeSpans({ createdAt: at(1), planId: 'pro', events })).toEqual([
    { from: at(1), until: at(2) },
    { from: at(4), until: at(6) },
  ]);
  expect(deletedAt({ events })).toEqual(at(7));
  expect(activeSpans({ createdAt: at(1), planId: 'pro', events: [] })).toEqual([
    { from: at(1), until: null },
  ]);
});

test('its plans are told by its changes, or by the present one where there was none', () => {
  const events = [
    event('plan_changed', 2, { from: 'free', to: 'starter' }),
    event('plan_changed', 3, { note: 'of no known shape' }),
    event('plan_changed', 4, { from: 'starter', to: 'pro' }),
  ];
  expect(planSpans({ createdAt: at(1), planId: 'pro', events })).toEqual([
    { planId: 'free', from: at(1) },
    { planId: 'starter', from: at(2) },
    { planId: 'pro', from: at(4) },
  ]);
  expect(planSpans({ createdAt: at(1), planId: 'pro', events: [] })).toEqual([
    { planId: 'pro', from: at(1) },
  ]);
});
