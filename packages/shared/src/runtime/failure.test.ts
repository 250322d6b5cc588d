import { describe, expect, test } from 'vitest';
import { newId } from '../ids/ids.ts';
import { describeFailure, isDataError } from './failure.ts';

describe('the fingerprint of a failure', () => {
  test('is equal for the same cause with other ids and numbers', () => {
    const fingerprints = [newId(), newId(), newId().replaceAll('-', '')].map(
      (id, index) =>
        describeFailure(new RangeError(`tenant ${id} has no account ${index * 1_000}`)).fingerprint,
    );
    expect(new Set(fingerprints).size).toBe(1);
  });

  test('differs for another message and for another class', () => {
    const failures = [new Error('no account'), new Error('no tenant'), new RangeError('no account')];
    expect(new Set(failures.map((error) => describeFailure(error).fingerprint)).size).toBe(3);
  });
});

describe('the description of a failure', () => {
  test('names the class and keeps the message', () => {
    expect(describeFailure(new TypeError('x is undefined'))).toMatchObject({
      failureClass: 'TypeError',
      detail: 'x is undefined',
    });
  });

  test('is cut at 1,000 characters', () => {
    expect(describeFailure(new Error('x'.repeat(5_000))).detail).toHaveLength(1_000);
  });

  test('takes whatever was thrown', () => {
    expect(describeFailure('a plain string')).toMatchObject({
      failureClass: 'Error',
      detail: 'a plain string',
    });
    expect(describeFailure(undefined).detail).toBe('undefined');
  });
});

test('a bug in the data is a data error, a lost connection is not', () => {
  expect(isDataError(new TypeError('x is undefined'))).toBe(true);
  expect(isDataError(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toBe(false);
});
