import { afterAll, describe, expect, test } from 'vitest';
import { lockAccounts, readAccount } from '../src/credit/accounts.ts';
import { recordPurchase } from '../src/credit/record-purchase.ts';
import { reserveCredit } from '../src/credit/reserve.ts';
import {
  type Charge,
  type CreditSettlement,
  type SettledCharges,
  settleCredit,
} from '../src/credit/settle-credit.ts';
import { newId } from '../src/ids/ids.ts';
import { databaseCode } from '../src/runtime/failure.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const PRICE = 1_500_000n;
const BALANCE = 10_000_000n;

async function scene(options: { reserved?: boolean } = {}) {
  const { id: tenantId, currency } = await buildTenant(prisma, { balanceMicros: BALANCE });
  const charge: Charge = { tenantId, currency, messageId: newId(), priceMicros: PRICE };
  if (options.reserved ?? true) await reserve(charge);
  return {
    charge,
    tenantId,
    async account() {
      const account = await readAccount(prisma, { tenantId, currency });
      return { balance: account?.balanceMicros, reserved: account?.reservedMicros };
    },
    async kinds() {
      const entries = await prisma.ledgerEntry.findMany({
        where: { tenantId },
        orderBy: { sequence: 'asc' },
      });
      return entries.map(({ kind }) => kind);
    },
  };
}

function reserve(...charges: Charge[]): Promise<void> {
  return prisma.$transaction(async (db) => {
    await lockAccounts(db, charges);
    const needs = charges.map(({ priceMicros, ...charge }) => ({ ...charge, amountMicros: priceMicros }));
    await reserveCredit(db, needs, testNow);
  });
}

function settle(settlement: Partial<CreditSettlement>): Promise<SettledCharges> {
  return prisma.$transaction((db) =>
    settleCredit(db, { capture: [], release: [], refund: [], ...settlement }, testNow),
  );
}

const nothing = { captured: [], refunded: [], recaptured: [] };

describe('a reservation', () => {
  test('holds the price and takes nothing yet', async () => {
    const { account, kinds } = await scene();
    expect(await account()).toEqual({ balance: BALANCE, reserved: PRICE });
    expect(await kinds()).toEqual(['purchase']);
  });

  test('of more than is available is refused, and leaves nothing behind', async () => {
    const { charge, account } = await scene({ reserved: false });
    const dear = { ...charge, priceMicros: BALANCE + 1n };
    expect(await reserve(dear).catch(databaseCode)).toBe('23514');
    expect(await account()).toEqual({ balance: BALANCE, reserved: 0n });
    expect(await prisma.creditReservation.count({ where: { messageId: dear.messageId } })).toBe(0);
  });

  test('for one message is made once, ever', async () => {
    const { charge, account } = await scene();
    expect(await reserve(charge).catch(databaseCode)).toBe('23505');
    await settle({ release: [charge] });
    expect(await reserve(charge).catch(databaseCode)).toBe('23505');
    expect(await account()).toEqual({ balance: BALANCE, reserved: 0n });
  });
});

describe('a capture', () => {
  test('takes the price and appends one entry that continues the account', async () => {
    const { charge, account, tenantId } = await scene();
    expect(await settle({ capture: [charge] })).toEqual({ ...nothing, captured: [charge] });
    expect(await account()).toEqual({ balance: BALANCE - PRICE, reserved: 0n });
    const entry = await prisma.ledgerEntry.findFirst({ where: { tenantId, kind: 'sms_send' } });
    expect(entry).toMatchObject({
      sequence: 2n,
      messageId: charge.messageId,
      amountMicros: -PRICE,
      balanceBeforeMicros: BALANCE,
      balanceAfterMicros: BALANCE - PRICE,
      occurredAt: testNow,
    });
  });

  test('made twice charges once', async () => {
    const { charge, account, kinds } = await scene();
    await settle({ capture: [charge] });
    expect(await settle({ capture: [charge] })).toEqual(nothing);
    expect(await account()).toEqual({ balance: BALANCE - PRICE, reserved: 0n });
    expect(await kinds()).toEqual(['purchase', 'sms_send']);
  });

  test('after a release is made without a reservation', async () => {
    const { charge, account, kinds } = await scene();
    await settle({ release: [charge] });
    expect(await settle({ capture: [charge] })).toEqual({ ...nothing, captured: [charge] });
    expect(await account()).toEqual({ balance: BALANCE - PRICE, reserved: 0n });
    expect(await kinds()).toEqual(['purchase', 'sms_send']);
  });

  test('may take the balance below zero, because the message has been sent', async () => {
    const { charge, account } = await scene({ reserved: false });
    await settle({ capture: [{ ...charge, priceMicros: BALANCE + 1n }] });
    expect(await account()).toEqual({ balance: -1n, reserved: 0n });
  });
});

describe('a release', () => {
  test('lets the reservation go, once', async () => {
    const { charge, account, kinds } = await scene();
    await settle({ release: [charge] });
    await settle({ release: [charge] });
    expect(await account()).toEqual({ balance: BALANCE, reserved: 0n });
    expect(await kinds()).toEqual(['purchase']);
  });

  test('after a capture changes nothing', async () => {
    const { charge, account } = await scene();
    await settle({ capture: [charge] });
    await settle({ release: [charge] });
    expect(await account()).toEqual({ balance: BALANCE - PRICE, reserved: 0n });
  });
});

describe('a refund', () => {
  test('gives a captured price back once', async () => {
    const { charge, account, kinds } = await scene();
    await settle({ capture: [charge] });
    expect(await settle({ refund: [charge] })).toEqual({ ...nothing, refunded: [charge] });
    expect(await settle({ refund: [charge] })).toEqual(nothing);
    expect(await account()).toEqual({ balance: BALANCE, reserved: 0n });
    expect(await kinds()).toEqual(['purchase', 'sms_send', 'refund']);
  });

  test('of what was never captured gives nothing', async () => {
    const { charge, account, kinds } = await scene();
    await settle({ refund: [charge] });
    expect(await account()).toEqual({ balance: BALANCE, reserved: PRICE });
    expect(await kinds()).toEqual(['purchase']);
  });

  test('is taken back once when the message was delivered after all', async () => {
    const { charge, account, kinds } = await scene();
    await settle({ capture: [charge] });
    await settle({ refund: [charge] });
    expect(await settle({ capture: [charge] })).toEqual({ ...nothing, recaptured: [charge] });
    expect(await settle({ capture: [charge] })).toEqual(nothing);
    expect(await settle({ refund: [charge] })).toEqual(nothing);
    expect(await account()).toEqual({ balance: BALANCE - PRICE, reserved: 0n });
    expect(await kinds()).toEqual(['purchase', 'sms_send', 'refund', 'refund_reversal']);
  });
});

describe('a settlement', () => {
  test('of many messages moves each as its own fate asks', async () => {
    const { charge, account } = await scene({ reserved: false });
    const [sent, failed, rejectedLate] = [newId(), newId(), newId()].map((messageId) => ({
      ...charge,
      messageId,
    }));
    if (!sent || !failed || !rejectedLate) throw new Error('three charges');
    await reserve(sent, failed, rejectedLate);
    await settle({ capture: [rejectedLate] });
    await settle({ capture: [sent], release: [failed], refund: [rejectedLate] });
    expect(await account()).toEqual({ balance: BALANCE - PRICE, reserved: 0n });
  });

  test('in an account that does not exist is refused', async () => {
    const { charge } = await scene({ reserved: false });
    await expect(settle({ capture: [{ ...charge, currency: 'EUR' }] })).rejects.toThrow(RangeError);
  });
});

describe('a purchase', () => {
  const purchaseOf = (tenantId: string, reference: string) => ({
    tenantId,
    currency: 'CZK',
    amountMicros: 5n,
    reference,
    description: 'top-up',
    createdBy: 'test',
  });

  test('is booked once per payment', async () => {
    const { tenantId, account } = await scene({ reserved: false });
    const buy = () =>
      prisma.$transaction((db) => recordPurchase(db, purchaseOf(tenantId, 'payment 1'), testNow));
    await buy();
    expect(await buy().catch(databaseCode)).toBe('23505');
    expect(await account()).toEqual({ balance: BALANCE + 5n, reserved: 0n });
  });

  test('of several at once loses none', async () => {
    const { tenantId, account } = await scene({ reserved: false });
    const references = Array.from({ length: 8 }, (_, index) => `payment ${index}`);
    await Promise.all(
      references.map((reference) =>
        prisma.$transaction((db) => recordPurchase(db, purchaseOf(tenantId, reference), testNow)),
      ),
    );
    expect(await account()).toEqual({ balance: BALANCE + 40n, reserved: 0n });
  });
});
