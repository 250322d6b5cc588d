import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from './accounts.ts';
import { chainEntries, type NewEntry } from './ledger.ts';

const tenants = ['shop', 'bank'];
const accounts = fc
  .tuple(...tenants.map(() => fc.tuple(fc.bigInt(-1_000n, 1_000n), fc.bigInt(0n, 50n))))
  .map((values) =>
    values.map(([balanceMicros, entryCount], index) =>
      accountOf(tenants[index] as string, balanceMicros, entryCount),
    ),
  );
const entries = fc
  .array(fc.tuple(fc.constantFrom(...tenants), fc.bigInt(-500n, 500n)), { maxLength: 30 })
  .map((values) => values.map(([tenantId, amountMicros]) => entryOf(tenantId, amountMicros)));

describe('chained entries', () => {
  test('continue each account without a gap, and every balance follows from the one before', () => {
    fc.assert(
      fc.property(accounts, entries, (accounts, entries) => {
        const chained = chainEntries(accounts, entries);
        for (const account of accounts) {
          let balance = account.balanceMicros;
          let sequence = account.entryCount;
          for (const entry of chained.filter(({ tenantId }) => tenantId === account.tenantId)) {
            sequence += 1n;
            expect(entry.sequence).toBe(sequence);
            expect(entry.balanceBeforeMicros).toBe(balance);
            balance += entry.amountMicros;
            expect(entry.balanceAfterMicros).toBe(balance);
          }
        }
        expect(chained.map(({ amountMicros }) => amountMicros)).toEqual(
          entries.map(({ amountMicros }) => amountMicros),
        );
      }),
    );
  });

  test('are refused for an account that is not locked', () => {
    expect(() => chainEntries([accountOf('shop', 0n, 0n)], [entryOf('bank', 1n)])).toThrow(RangeError);
    expect(() =>
      chainEntries([accountOf('shop', 0n, 0n)], [{ ...entryOf('shop', 1n), currency: 'EUR' }]),
    ).toThrow(RangeError);
  });
});

function accountOf(tenantId: string, balanceMicros: bigint, entryCount: bigint): Account {
  return { tenantId, currency: 'CZK', balanceMicros, reservedMicros: 0n, creditLimitMicros: 0n, entryCount };
}

function entryOf(tenantId: string, amountMicros: bigint): NewEntry {
  return {
    tenantId,
    currency: 'CZK',
    kind: 'bonus',
    amountMicros,
    messageId: null,
    reference: null,
    description: null,
    createdBy: 'test',
  };
}
