import { expect, test } from 'vitest';
import { findOpenRoutes } from './find-open-routes.ts';

const configured = [
  { name: 'first', carriesTests: true },
  { name: 'second', carriesTests: false },
];
const rows = [
  { country: 'SK', mode: 'live' as const, providers: ['first'] },
  { country: 'AT', mode: 'live' as const, providers: ['second', 'gone'] },
];
const find = (...open: string[]) => findOpenRoutes(rows, configured, new Set(open));

test('with every provider open everything that is held has one', () => {
  expect(find('first', 'second')).toEqual({
    modes: ['live', 'test'],
    included: ['SK live', 'AT live'],
    excluded: [],
  });
});

test('with the second one only, what it can not carry sleeps on', () => {
  expect(find('second')).toEqual({ modes: ['live'], included: ['AT live'], excluded: ['SK live'] });
});

test('with none open nothing is woken', () => {
  expect(find()).toBeNull();
  expect(find('unheard of')).toBeNull();
});
