import pg from 'pg';
import { insertInvoice } from '../../src/billing/invoices.ts';
import { openPeriod } from '../../src/billing/open-period.ts';
import { settleInvoice } from '../../src/billing/settle-invoice.ts';
import { reserveCredit } from '../../src/credit/reserve.ts';
import { type CreditSettlement, settleCredit } from '../../src/credit/settle-credit.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/ids/ids.ts';
import { openAttempts, recordOutcomes } from '../../src/messages/attempts.ts';
import { type MessageMove, moveMessages } from '../../src/messages/move-messages.ts';
import { buildMessage, type MessageOverrides } from '../../src/testing/build-message.ts';
import { buildTenant, type TestTenant, testNow } from '../../src/testing/build-tenant.ts';
import { createTestDatabase } from '../../src/testing/test-database.ts';
import { DAY_MS, HOUR_MS } from '../../src/time/durations.ts';
import { correctionOfMessage, usageOfMessage } from '../../src/usage/message-usage.ts';
import { recordUsage } from '../../src/usage/record-usage.ts';
import { rollUp } from '../../src/usage/roll-up.ts';

/** When the books are looked at: a day into the second period, which began on 1 April in Prague. */
export const lookedAt = new Date('2026-04-02T09:00:00.000Z');

const later = (ms: number) => new Date(testNow.getTime() + ms);
const PRICE = 1_500_000n;

export type Books = Awaited<ReturnType<typeof openCorrectBooks>>;

/** A database in which everything there is has happened once, and correctly. */
export async function openCorrectBooks() {
  const database = await createTestDatabase();
  const { prisma } = database;
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const tenant = await buildTenant(prisma, {
    balanceMicros: 1_000_000n,
    paymentTerms: 'postpaid',
    creditLimitMicros: 100_000_000n,
  });
  const delivered = await message(prisma, tenant, {}, { state: 'delivered', credit: 'capture' });
  const messages = {
    delivered,
    refunded: await message(prisma, tenant, {}, { state: 'rejected', credit: 'refund' }),
    failed: await message(prisma, tenant, {}, { state: 'failed', credit: 'release' }),
    sentForGood: await message(prisma, tenant, {}, { state: 'sent', credit: 'capture' }),
    waiting: await message(prisma, tenant, {}, { state: 'submitted', credit: 'none' }),
    test: await message(prisma, tenant, { mode: 'test' }, { state: 'delivered', credit: 'none' }),
  };
  await rollUp(prisma, { tenantId: tenant.id, wait: true });
  const period = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId: tenant.id } });
  const invoiceId = await bill(prisma, tenant, period);
  await keep(owner);
  let isAltered = false;
  return {
    prisma,
    tenant,
    messages,
    period,
    invoiceId,
    /** Runs a statement as the owner, past every trigger and foreign key; the id of its last row where it returns one. */
    async corrupt(sql: string, values: unknown[] = []): Promise<string> {
      const { rowCount, rows } = await owner.query<{ id: string }>(sql, values);
      if (rowCount === 0) throw new Error(`corrupted nothing: ${sql}`);
      return rows.at(-1)?.id ?? '';
    },
    /** Takes a rule of the database away, so that what it refuses can be written. */
    async alter(sql: string): Promise<void> {
      isAltered = true;
      await owner.query(sql);
    },
    /** Puts every row back; false when rules are gone, and another database is needed. */
    async restore(): Promise<boolean> {
      if (!isAltered) await putBack(owner);
      return !isAltered;
    },
    async close() {
      await owner.end();
      await database.close();
    },
  };
}

/** Copies all rows aside: a clone of the database for every fault would take twenty times as long. */
async function keep(owner: pg.Client): Promise<void> {
  await owner.query('SET session_replication_role = replica');
  await owner.query('CREATE SCHEMA kept');
  for (const { name } of await tablesOf(owner)) {
    await owner.query(`CREATE TABLE kept."${name}" AS SELECT * FROM public."${name}"`);
  }
}

async function putBack(owner: pg.Client): Promise<void> {
  const statements = (await tablesOf(owner)).map(
    ({ name, columns }) =>
      `DELETE FROM public."${name}"; INSERT INTO public."${name}" (${columns}) SELECT ${columns} FROM kept."${name}";`,
  );
  await owner.query(statements.join('\n'));
}

/** Every table with the columns that can be written; PostgreSQL makes the others itself. */
async function tablesOf(owner: pg.Client): Promise<{ name: string; columns: string }[]> {
  const { rows } = await owner.query<{ name: string; columns: string }>(`
    SELECT table_name AS name, string_agg(quote_ident(column_name), ', ') AS columns
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' AND is_generated = 'NEVER'
    GROUP BY table_name`);
  return rows;
}

type Fate = { state: MessageMove['state']; credit: keyof CreditSettlement | 'none' };

/** One message through its life, by the modules that move real ones. */
async function message(
  db: PrismaClient,
  tenant: TestTenant,
  overrides: MessageOverrides,
  { state, credit }: Fate,
): Promise<string> {
  const created = await buildMessage(db, tenant, overrides);
  const { id, tenantId, currency } = created;
  const attemptId = newId();
  await openAttempts(
    db,
    [{ id: attemptId, messageId: id, tenantId, number: 1, provider: 'sms-manager' }],
    testNow,
  );
  await recordOutcomes(db, [outcome(attemptId)], later(1_000));
  if (created.mode === 'live')
    await reserveCredit(db, [{ messageId: id, tenantId, currency, amountMicros: PRICE }], testNow);
  const charge = { messageId: id, tenantId, currency, priceMicros: PRICE };
  const settlement = { capture: [], release: [], refund: [] };
  const isCharged = credit === 'capture' || credit === 'refund';
  if (isCharged) await settleCredit(db, { ...settlement, capture: [charge] }, later(2_000));
  if (credit === 'refund' || credit === 'release')
    await settleCredit(db, { ...settlement, [credit]: [charge] }, later(3_000));
  const events = [
    ...(isCharged ? [usageOfMessage(created, later(2_000))] : []),
    ...(credit === 'refund' ? [correctionOfMessage(created, later(3_000))] : []),
  ];
  await recordUsage(db, events, later(3_000));
  const isEnded = !['submitted', 'sent'].includes(state);
  await moveMessages(db, [
    {
      messageId: id,
      state,
      attemptCount: 1,
      wakeAt: state === 'submitted' ? later(HOUR_MS) : null,
      reportDeadline: later(3 * DAY_MS),
      ...(isEnded ? { finishedAt: later(4_000) } : {}),
    },
  ]);
  return id;
}

function outcome(attemptId: string) {
  const unsaid = { failureCode: null, failureDetail: null, providerRequestId: null, providerMessageId: null };
  return { attemptId, outcome: 'accepted' as const, ...unsaid };
}

type Period = { id: string; endsAt: Date };

/** Closes the first period: 3.00 of usage, of which 1.00 was covered by credit, pushed and paid. */
async function bill(
  prisma: PrismaClient,
  { id: tenantId, currency }: TestTenant,
  { id: periodId, endsAt }: Period,
): Promise<string> {
  const id = newId();
  const meter = { meter: 'sms_sent', country: 'CZ', unitPriceMicros: PRICE, description: 'SMS to CZ' };
  const invoice = {
    id,
    tenantId,
    periodId,
    currency,
    usageMicros: 3_000_000n,
    settlesMicros: 2_000_000n,
    totalMinor: 200n,
  };
  await prisma.billingPeriod.update({ where: { id: periodId }, data: { closedAt: endsAt } });
  await openPeriod(prisma, tenantId, endsAt);
  await insertInvoice(
    prisma,
    { ...invoice, kind: 'usage', document: 'stripe', issuedAt: endsAt, wakeAt: null },
    [
      { ...meter, kind: 'usage', quantity: 2n, amountMicros: 3_000_000n },
      { ...meter, kind: 'covered_by_credit', quantity: 1n, amountMicros: -1_000_000n },
    ],
  );
  await prisma.usageRollup.updateMany({ where: { tenantId }, data: { invoiceId: id } });
  const push = { id: newId(), tenantId, invoiceId: id, kind: 'invoice_item', params: {}, idempotencyKey: id };
  await prisma.stripePush.create({
    data: { ...push, state: 'confirmed', stripeId: 'ii_1', firstSentAt: endsAt },
  });
  await settleInvoice(prisma, {
    invoiceId: id,
    paidAt: endsAt,
    method: 'stripe',
    description: 'Stripe invoice in_1',
    createdBy: 'stripe',
    stripe: { invoiceId: 'in_1', number: null, url: null },
  });
  return id;
}
