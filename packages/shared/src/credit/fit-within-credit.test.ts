import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from './accounts.ts';
import { availableMicros, type CreditNeed, fitWithinCredit } from './fit-within-credit.ts';

const tenants = ['shop', 'bank', 'club'];
const micros = (max: bigint) => fc.bigInt({ min: 0n, max });

const accounts: fc.Arbitrary<Account[]> = fc
  .tuple(...tenants.map(() => fc.tuple(fc.bigInt({ min: -50n, max: 100n }), micros(50n), micros(30n))))
  .map((values) =>
    values.map(([balanceMicros, creditLimitMicros, reservedMicros], index) => ({
      tenantId: tenants[index] as string,
      currency: 'CZK',
      balanceMicros,
      creditLimitMicros,
      reservedMicros,
      entryCount: 0n,
    })),
  );
const needs: fc.Arbitrary<CreditNeed[]> = fc
  .array(fc.tuple(fc.constantFrom(...tenants, 'stranger'), micros(40n)), { maxLength: 30 })
  .map((values) =>
    values.map(([tenantId, amountMicros], index) => ({
      messageId: `m${index}`,
      tenantId,
      currency: 'CZK',
      amountMicros,
    })),
  );

describe('what fits within credit', () => {
  test('is, per account, a prefix in acceptance order that never exceeds what is available', () => {
    fc.assert(
      fc.property(accounts, needs, (accounts, needs) => {
        const { fitting, lacking } = fitWithinCredit(accounts, needs);
        for (const tenantId of [...tenants, 'stranger']) {
          const own = needs.filter((need) => need.tenantId === tenantId);
          const ownFitting = fitting.filter((need) => need.tenantId === tenantId);
          const account = accounts.find((candidate) => candidate.tenantId === tenantId);
          const available = account ? availableMicros(account) : 0n;
          const sum = ownFitting.reduce((total, { amountMicros }) => total + amountMicros, 0n);
          expect(ownFitting).toEqual(own.slice(0, ownFitting.length));
          if (ownFitting.length > 0) expect(sum <= available).toBe(true);
          // The prefix is the longest one: the first that lacks would have exceeded.
          const next = own[ownFitting.length];
          if (next) expect(sum + next.amountMicros > available).toBe(true);
        }
        expect([...fitting, ...lacking].length).toBe(needs.length);
      }),
    );
  });

  test('does not let a cheaper message overtake one that lacks credit', () => {
    const account = accountOf('shop', 10n);
    const { fitting, lacking } = fitWithinCredit(
      [account],
      [need('a', 'shop', 6n), need('b', 'shop', 6n), need('c', 'shop', 1n)],
    );
    expect(fitting.map(({ messageId }) => messageId)).toEqual(['a']);
    expect(lacking.map(({ messageId }) => messageId)).toEqual(['b', 'c']);
  });

  test('of one tenant is not touched by another that is poor', () => {
    const { fitting } = fitWithinCredit(
      [accountOf('shop', 0n), accountOf('bank', 5n)],
      [need('a', 'shop', 1n), need('b', 'bank', 5n)],
    );
    expect(fitting.map(({ messageId }) => messageId)).toEqual(['b']);
  });

  test('in one currency is not paid from another', () => {
    const { fitting } = fitWithinCredit(
      [accountOf('shop', 100n)],
      [{ ...need('a', 'shop', 1n), currency: 'EUR' }],
    );
    expect(fitting).toEqual([]);
  });
});

function accountOf(tenantId: string, balanceMicros: bigint): Account {
  return {
    tenantId,
    currency: 'CZK',
    balanceMicros,
    reservedMicros: 0n,
    creditLimitMicros: 0n,
    entryCount: 0n,
  };
}

function need(messageId: string, tenantId: string, amountMicros: bigint): CreditNeed {
  return { messageId, tenantId, currency: 'CZK', amountMicros };
}
