import { describe, expect, test } from 'vitest';
import type { Admission } from '../providers/sms-provider.ts';
import { type AssignableMessage, assignProviders, type ProviderStanding } from './assign-providers.ts';
import { createRoutes } from './routes.ts';

const soon = new Date('2026-03-10T09:00:05Z');
const later = new Date('2026-03-10T09:01:00Z');
const all: Admission = { kind: 'all' };
const none = (until: Date): Admission => ({ kind: 'none', until });
const probe: Admission = { kind: 'probe', until: soon, forgo: () => undefined };

const routes = createRoutes(
  [
    { country: 'SK', mode: 'live', providers: ['second', 'first'] },
    { country: 'DE', mode: 'live', providers: ['gone'] },
  ],
  ['first', 'second'],
);

const message = (changes: Partial<AssignableMessage> = {}): AssignableMessage => ({
  country: 'CZ',
  mode: 'live',
  history: [],
  ...changes,
});

function assign(
  messages: AssignableMessage[],
  { first = {}, second = {} }: { first?: Partial<ProviderStanding>; second?: Partial<ProviderStanding> } = {},
) {
  const standings = new Map([
    ['first', { admission: all, isBlocked: false, carriesTests: true, ...first }],
    ['second', { admission: all, isBlocked: false, carriesTests: false, ...second }],
  ]);
  const { assigned, waiting, stranded } = assignProviders(messages, routes, standings);
  return {
    to: assigned.map(({ provider }) => provider),
    until: waiting.map(({ until }) => until),
    stranded: stranded.length,
  };
}

const nobody = { to: [], until: [], stranded: 0 };

describe('a message goes to', () => {
  test('the first provider of its country’s route, or as they are configured', () => {
    expect(assign([message(), message({ country: 'SK' })])).toEqual({ ...nobody, to: ['first', 'second'] });
  });

  test.each([
    ['is blocked', { isBlocked: true }],
    ['is silent', { admission: none(soon) }],
  ])('the next one while the first %s', (_, first) => {
    expect(assign([message()], { first })).toEqual({ ...nobody, to: ['second'] });
  });

  test('the one where it had fewer setbacks', () => {
    const history = [{ provider: 'first', setbacks: 1, isUnroutable: false }];
    expect(assign([message({ history })])).toEqual({ ...nobody, to: ['second'] });
    const both = [...history, { provider: 'second', setbacks: 1, isUnroutable: false }];
    expect(assign([message({ history: both })])).toEqual({ ...nobody, to: ['first'] });
  });

  test('never again to one that can not carry it', () => {
    const history = [{ provider: 'first', setbacks: 0, isUnroutable: true }];
    expect(assign([message({ history })])).toEqual({ ...nobody, to: ['second'] });
    expect(assign([message({ history })], { second: { isBlocked: true } })).toEqual({
      ...nobody,
      until: [null],
    });
  });
});

test('one message of a batch probes, the others go elsewhere', () => {
  const batch = [message(), message(), message()];
  expect(assign(batch, { first: { admission: probe } })).toEqual({
    ...nobody,
    to: ['first', 'second', 'second'],
  });
});

describe('a message waits', () => {
  test('until the first of its providers is to be asked again', () => {
    const silent = { first: { admission: none(later) }, second: { admission: none(soon) } };
    expect(assign([message()], silent)).toEqual({ ...nobody, until: [soon] });
  });

  test('without a term while all are blocked, or its provider is not configured just now', () => {
    const blocked = { first: { isBlocked: true }, second: { isBlocked: true } };
    expect(assign([message()], blocked)).toEqual({ ...nobody, until: [null] });
    expect(assign([message({ country: 'DE' })])).toEqual({ ...nobody, until: [null] });
  });

  test('of a test key only for a provider that can take it without sending it', () => {
    const test = message({ mode: 'test' });
    expect(assign([test], { first: { isBlocked: true } })).toEqual({ ...nobody, until: [null] });
  });
});

test('a message that nobody of its route can carry is stranded', () => {
  const history = ['first', 'second'].map((provider) => ({ provider, setbacks: 0, isUnroutable: true }));
  expect(assign([message({ history })])).toEqual({ ...nobody, stranded: 1 });
});
