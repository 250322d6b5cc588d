import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Account, lockAccounts } from '../src/credit/accounts.ts';
import { fitWithinCredit } from '../src/credit/fit-within-credit.ts';
import { recordPurchase } from '../src/credit/record-purchase.ts';
import { reserveCredit } from '../src/credit/reserve.ts';
import { type Charge, settleCredit } from '../src/credit/settle-credit.ts';
import { newId } from '../src/ids/ids.ts';
import type { Db } from '../src/runtime/database.ts';
import { buildTenant, type TestTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

/** Reserves what fits, as the sender does; returns the ids of the messages that got credit. */
async function reserveFitting(db: Db, charges: readonly Charge[]): Promise<Set<string>> {
  const accounts = await lockAccounts(db, charges);
  const needs = charges.map(({ priceMicros, ...charge }) => ({ ...charge, amountMicros: priceMicros }));
  const { fitting } = fitWithinCredit(accounts, needs);
  await reserveCredit(db, fitting, testNow);
  return new Set(fitting.map(({ messageId }) => messageId));
}

/** Accounts whose columns disagree with the rows behind them; always empty. */
function disagreements(): Promise<unknown[]> {
  return prisma.$queryRaw<unknown[]>`
    SELECT a.* FROM accounts a
    WHERE a.balance_micros <> (SELECT coalesce(sum(amount_micros), 0) FROM ledger_entries e
                               WHERE (e.tenant_id, e.currency) = (a.tenant_id, a.currency))
       OR a.reserved_micros <> (SELECT coalesce(sum(amount_micros), 0) FROM credit_reservations r
                                WHERE (r.tenant_id, r.currency) = (a.tenant_id, a.currency) AND r.state = 'open')
       OR a.entry_count <> (SELECT count(*) FROM ledger_entries e
                            WHERE (e.tenant_id, e.currency) = (a.tenant_id, a.currency))
       OR EXISTS (SELECT FROM (SELECT balance_before_micros, sequence,
                                      lag(balance_after_micros, 1, 0) OVER (ORDER BY sequence) AS previous,
                                      row_number() OVER (ORDER BY sequence) AS place
                               FROM ledger_entries e
                               WHERE (e.tenant_id, e.currency) = (a.tenant_id, a.currency)) chain
                  WHERE balance_before_micros <> previous OR sequence <> place)`;
}

test('eight settlers over forty accounts neither deadlock nor lose a millionth', async () => {
  const price = 7n;
  const tenants = await Promise.all(
    Array.from({ length: 40 }, () => buildTenant(prisma, { balanceMicros: 10_000n })),
  );
  const settlers = Array.from({ length: 8 }, (_, settler) => settler);
  const rounds = Array.from({ length: 6 }, (_, round) => round);
  await Promise.all(
    settlers.map(async (settler) => {
      for (const round of rounds) {
        // 25 of the 40, in another order for each settler and round.
        const charges = Array.from({ length: 25 }, (_, step) => {
          const tenant = tenants[
            (settler * 11 + round * 5 + step * (settler % 2 ? 3 : 37)) % 40
          ] as TestTenant;
          return { tenantId: tenant.id, currency: tenant.currency, messageId: newId(), priceMicros: price };
        });
        await prisma.$transaction((db) => reserveFitting(db, charges));
        const [capture, release] = [
          charges.filter((_, i) => i % 5 !== 0),
          charges.filter((_, i) => i % 5 === 0),
        ];
        await prisma.$transaction((db) => settleCredit(db, { capture, release, refund: [] }, testNow));
      }
    }),
  );
  expect(await disagreements()).toEqual([]);
  const sums = await prisma.account.aggregate({ _sum: { balanceMicros: true, reservedMicros: true } });
  expect(sums._sum).toEqual({ balanceMicros: 40n * 10_000n - 8n * 6n * 20n * price, reservedMicros: 0n });
});

// The model: what a message's fate does to the numbers, on one screen.
type Fate = {
  reservation: 'none' | 'open' | 'closed';
  isCharged: boolean;
  isRefunded: boolean;
  isRecharged: boolean;
};
type Numbers = { balance: bigint; reserved: bigint };
type Step = 'reserve' | 'capture' | 'release' | 'refund' | 'leave';

function modelStep(numbers: Numbers, fate: Fate, price: bigint, step: Step): void {
  const available = numbers.balance - numbers.reserved;
  if (step === 'reserve' && fate.reservation === 'none' && available >= price) {
    numbers.reserved += price;
    fate.reservation = 'open';
  }
  if ((step === 'capture' || step === 'release') && fate.reservation === 'open') {
    numbers.reserved -= price;
    fate.reservation = 'closed';
  }
  if (step === 'capture' && fate.isRefunded && !fate.isRecharged) {
    numbers.balance -= price;
    fate.isRecharged = true;
  }
  if (step === 'capture' && !fate.isCharged) {
    numbers.balance -= price;
    fate.isCharged = true;
  }
  if (step === 'refund' && fate.isCharged && !fate.isRefunded) {
    numbers.balance += price;
    fate.isRefunded = true;
  }
}

const PRICES = [3n, 5n, 5n, 8n];
const settlement = fc.tuple(
  ...PRICES.map(() => fc.constantFrom<Step>('capture', 'release', 'refund', 'leave')),
);
const operation = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), message: fc.nat(PRICES.length - 1) }),
  fc.record({ kind: fc.constant('settle' as const), steps: settlement }),
  fc.record({ kind: fc.constant('purchase' as const), amountMicros: fc.bigInt(1n, 9n) }),
);

test('whatever happens in whatever order, the account shows what the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 15 }), async (operations) => {
      const { id: tenantId, currency } = await buildTenant(prisma, { balanceMicros: 10n });
      const charges = PRICES.map((priceMicros) => ({ tenantId, currency, messageId: newId(), priceMicros }));
      const fates = PRICES.map(
        (): Fate => ({ reservation: 'none', isCharged: false, isRefunded: false, isRecharged: false }),
      );
      const numbers = { balance: 10n, reserved: 0n };
      for (const operation of operations) {
        await prisma.$transaction(async (db) => {
          if (operation.kind === 'purchase') {
            numbers.balance += operation.amountMicros;
            const { amountMicros } = operation;
            const purchase = {
              tenantId,
              currency,
              amountMicros,
              reference: newId(),
              description: '',
              createdBy: 'test',
            };
            return recordPurchase(db, purchase, testNow);
          }
          const steps =
            operation.kind === 'settle'
              ? operation.steps
              : PRICES.map((_, message): Step => (message === operation.message ? 'reserve' : 'leave'));
          const having = (step: Step) => charges.filter((_, message) => steps[message] === step);
          // The sender never reserves twice: it has seen the reservation when it claimed the message.
          await reserveFitting(
            db,
            having('reserve').filter((charge) => fates[charges.indexOf(charge)]?.reservation === 'none'),
          );
          const [capture, release, refund] = [having('capture'), having('release'), having('refund')];
          await settleCredit(db, { capture, release, refund }, testNow);
          for (const [message, fate] of fates.entries()) {
            modelStep(numbers, fate, PRICES[message] ?? 0n, steps[message] ?? 'leave');
          }
        });
      }
      const [account] = await prisma.$transaction(
        (db): Promise<Account[]> => lockAccounts(db, [{ tenantId, currency }]),
      );
      expect(account).toMatchObject({ balanceMicros: numbers.balance, reservedMicros: numbers.reserved });
    }),
    { numRuns: 30 },
  );
  expect(await disagreements()).toEqual([]);
});
