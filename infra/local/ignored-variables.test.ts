import { expect, test } from 'vitest';
import { findIgnoredVariables } from './ignored-variables.ts';

test('variables that would configure a service are named, others are not', () => {
  const environment = { PATH: '/bin', STRIPE_SECRET_KEY: 'sk', DATABASE_URL: 'postgres://', QUEUE_URL: '' };
  expect(findIgnoredVariables(environment)).toEqual(['DATABASE_URL', 'STRIPE_SECRET_KEY']);
});
