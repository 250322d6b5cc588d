import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitWithinGuards, type GuardedMessage, weightOf } from './fit-within-guards.ts';
import type { GuardRules } from './guard-rules.ts';
import { createWindowsOf, limitOf, spansAt, windowKey } from './guard-windows.ts';

const spans = spansAt(new Date('2026-03-31T21:59:30Z'), 'Europe/Prague');
const noLimits: GuardRules = {
  tenantId: 'a',
  timeZone: 'Europe/Prague',
  unit: 'segments',
  onReached: 'reject',
  minute: null,
  day: null,
  month: null,
  recipientDay: null,
  countryDay: {},
};

const message = (id: string, given: Partial<GuardedMessage> = {}): GuardedMessage => ({
  id,
  tenantId: 'a',
  country: 'CZ',
  recipient: '+420777123456',
  segments: 1,
  priceMicros: 1_500_000n,
  ...given,
});

function fit(messages: readonly GuardedMessage[], ...rules: Partial<GuardRules>[]) {
  const all = rules.map((own) => ({ ...noLimits, ...own }));
  const byTenant = new Map(all.map((own) => [own.tenantId, own]));
  const { fitting, barred } = fitWithinGuards(messages, {
    rules: byTenant,
    windowsOf: (one) => createWindowsOf(byTenant.get(one.tenantId) as GuardRules, spans)(one),
    counts: new Map(),
  });
  return {
    fitting: fitting.map(({ id }) => id),
    barred: barred.map(({ message: { id }, window: { guard, subject } }) => [id, guard, subject]),
    neverFits: barred.flatMap(({ message: { id }, neverFits }) => (neverFits ? [id] : [])),
  };
}

test('a smaller message never overtakes a larger one that the limit keeps back', () => {
  const messages = [message('1', { segments: 2 }), message('2', { segments: 3 }), message('3')];
  expect(fit(messages, { day: 4n })).toEqual({
    fitting: ['1'],
    barred: [
      ['2', 'day', ''],
      ['3', 'day', ''],
    ],
    neverFits: [],
  });
});

test('a message larger than the limit itself never fits, and keeps nobody back', () => {
  const messages = [message('1', { segments: 5 }), message('2')];
  expect(fit(messages, { day: 4n })).toMatchObject({ fitting: ['2'], neverFits: ['1'] });
});

test('a country that is full leaves the others open, and one without a limit of its own has the common one', () => {
  const messages = [
    message('1', { country: 'SK' }),
    message('2', { country: 'SK' }),
    message('3', { country: 'DE' }),
    message('4', { country: 'DE' }),
    message('5', { country: 'DE' }),
  ];
  expect(fit(messages, { countryDay: { SK: 1n, '*': 2n } })).toMatchObject({
    fitting: ['1', '3', '4'],
    barred: [
      ['2', 'country_day', 'SK'],
      ['5', 'country_day', 'DE'],
    ],
  });
});

test('one recipient, or one tenant, that is full keeps no other back', () => {
  const other = { recipient: '+420777000000' };
  const messages = [
    message('1'),
    message('2'),
    message('3', other),
    message('4', { tenantId: 'b' }),
    message('5', { tenantId: 'b' }),
  ];
  expect(fit(messages, { recipientDay: 1n }, { tenantId: 'b', day: 2n })).toMatchObject({
    fitting: ['1', '3', '4', '5'],
    barred: [['2', 'recipient_day', '+420777123456']],
  });
});

test('money counts by the price of the whole message', () => {
  const messages = [message('1', { priceMicros: 3_000_000n, segments: 2 }), message('2'), message('3')];
  expect(fit(messages, { unit: 'money', month: 4_500_000n })).toMatchObject({ fitting: ['1', '2'] });
});

test('no limit is ever passed, whatever comes, and what is barred really had no room', () => {
  const limit = fc.option(fc.bigInt({ min: 1n, max: 12n }), { nil: null });
  const messages = fc.array(
    fc.record({
      country: fc.constantFrom('CZ', 'SK'),
      recipient: fc.constantFrom('+420777123456', '+421905123456'),
      segments: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(
      messages,
      fc.record({ minute: limit, day: limit, month: limit, recipientDay: limit }),
      (given, limits) => {
        const rules: GuardRules = { ...noLimits, ...limits, countryDay: { CZ: 5n } };
        const all = given.map((one, index) => message(String(index), one));
        const windowsOf = createWindowsOf(rules, spans);
        const used = new Map<string, bigint>();
        const { fitting, barred } = fitWithinGuards(all, {
          rules: new Map([['a', rules]]),
          windowsOf,
          counts: new Map(),
        });
        for (const one of fitting) {
          for (const window of windowsOf(one)) {
            const key = windowKey(window);
            used.set(key, (used.get(key) ?? 0n) + weightOf(one, 'segments'));
          }
        }
        for (const one of fitting) {
          for (const window of windowsOf(one)) {
            const most = limitOf(rules, window);
            if (most !== null) expect(used.get(windowKey(window))).toBeLessThanOrEqual(most);
          }
        }
        const [first] = barred;
        if (first && !first.neverFits) {
          const taken = used.get(windowKey(first.window)) ?? 0n;
          expect(taken + BigInt(first.message.segments)).toBeGreaterThan(first.limit);
        }
        expect(fitting.length + barred.length).toBe(all.length);
      },
    ),
  );
});

test('windows end where the tenant’s minute, day and month end', () => {
  const windows = createWindowsOf({ ...noLimits, minute: 1n, recipientDay: 1n }, spans)(message('1'));
  expect(
    windows.map(({ guard, subject, window, endsAt }) => [guard, subject, window, endsAt.toISOString()]),
  ).toEqual([
    ['day', '', '2026-03-31', '2026-03-31T22:00:00.000Z'],
    ['month', '', '2026-03', '2026-03-31T22:00:00.000Z'],
    ['minute', '', '2026-03-31T21:59', '2026-03-31T22:00:00.000Z'],
    ['country_day', 'CZ', '2026-03-31', '2026-03-31T22:00:00.000Z'],
    ['recipient_day', '+420777123456', '2026-03-31', '2026-03-31T22:00:00.000Z'],
  ]);
});
