import { leaveCrossing, openCrossing } from '@tollgate/shared/alerts/crossings.ts';
import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { deleteTenant } from '@tollgate/shared/tenants/delete-tenant.ts';
import { resumeTenant, suspendTenant } from '@tollgate/shared/tenants/suspend-tenant.ts';
import { buildMessages, type MessageOverrides } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant, type TestTenant, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { buildUnpaidInvoice } from '@tollgate/shared/testing/build-unpaid-invoice.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(async () => {
  await sender.reset();
  sender.clock.advance(testNow.getTime() - sender.clock.now().getTime());
});

/** Changes a tenant in a transaction; what it enqueues is of no interest here. */
const change = <Result>(work: (tx: Transaction) => Promise<Result>) =>
  sender.prisma.$transaction((db) => work({ db, enqueue: () => undefined }));

async function accepted(tenant: TestTenant, overrides: readonly MessageOverrides[] = [{}]) {
  const acceptedAt = sender.clock.now();
  const messages = await buildMessages(
    sender.prisma,
    tenant,
    overrides.map((override) => ({ acceptedAt, ...override })),
  );
  return messages.map(({ id }) => id);
}

async function states(ids: readonly string[]) {
  const messages = await Promise.all(ids.map((id) => sender.message(id)));
  return messages.map(({ state, holdReason, failureCode }) => [state, failureCode ?? holdReason]);
}

const operator = { reason: 'operator', actor: 'operator@example.com' } as const;
const suspend = (tenant: TestTenant) =>
  change((tx) => suspendTenant(tx, { tenantId: tenant.id, ...operator }, sender.clock.now()));

describe('a suspended tenant', () => {
  test('has nothing handed over, keeps what waits, and goes on once it is resumed', async () => {
    const tenant = await buildTenant(sender.prisma);
    const ids = await accepted(tenant, [{}, { category: 'priority' }]);
    await suspend(tenant);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([
      ['accepted', 'suspended'],
      ['accepted', 'suspended'],
    ]);
    expect(sender.simulator.received()).toEqual([]);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
    await change((tx) =>
      resumeTenant(tx, { tenantId: tenant.id, actor: operator.actor }, sender.clock.now()),
    );
    await sender.sweep();
    expect(sender.simulator.received()).toHaveLength(2);
  });

  test('has what waits too long expire, which frees the credit of a retry', async () => {
    const tenant = await buildTenant(sender.prisma);
    const ids = await accepted(tenant);
    sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 429 }] });
    await sender.send(...ids);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 1_500_000n });
    await suspend(tenant);
    sender.clock.advance(HOUR_MS);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([['sending', 'suspended']]);
    sender.clock.advance(DAY_MS);
    await sender.sweep();
    expect(await states(ids)).toEqual([['expired', 'validity_over']]);
    expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  });

  test('has nothing handed over from the commit on, also by a claim that waited for it', async () => {
    const tenant = await buildTenant(sender.prisma);
    const ids = await accepted(tenant);
    const { sending } = await sender.prisma.$transaction(async (db) => {
      await lockAccounts(db, [{ tenantId: tenant.id, currency: tenant.currency }]);
      const claim = sender.send(...ids);
      await until('the claim waits', async () => {
        const [row] = await sender.prisma.$queryRaw<[{ count: bigint }]>`
          SELECT count(*) AS count FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return row.count === 1n;
      });
      await suspendTenant(
        { db, enqueue: () => undefined },
        { tenantId: tenant.id, ...operator },
        sender.clock.now(),
      );
      return { sending: claim };
    });
    await sending;
    expect(await states(ids)).toEqual([['accepted', 'suspended']]);
    expect(sender.simulator.received()).toEqual([]);
  });
});

test('a deleted tenant’s messages are canceled, scheduled ones too, and hold no credit', async () => {
  const tenant = await buildTenant(sender.prisma);
  const sendAt = new Date(testNow.getTime() + DAY_MS);
  const [retry, scheduled] = (await accepted(tenant, [
    {},
    { sendAt, notBefore: sendAt, wakeAt: sendAt },
  ])) as [string, string];
  sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 429 }] });
  await sender.send(retry);
  await change((tx) => deleteTenant(tx, { tenantId: tenant.id, actor: operator.actor }, sender.clock.now()));
  await sender.sweep();
  expect(await states([retry, scheduled])).toEqual([
    ['canceled', 'tenant_deleted'],
    ['canceled', 'tenant_deleted'],
  ]);
  expect(await sender.account(tenant.id)).toMatchObject({ reservedMicros: 0n });
  expect(sender.simulator.received()).toEqual([]);
  expect(await sender.discrepancies(tenant.id)).toEqual([]);
});

describe('billings that are not paid', () => {
  const restricted = (settings: object, smsSettings = {}) =>
    buildTenant(sender.prisma, { smsSettings }).then(async (tenant) => {
      await sender.prisma.billingSettings.update({ where: { tenantId: tenant.id }, data: settings });
      return tenant;
    });
  const overdue = { issuedAt: new Date(testNow.getTime() - 31 * DAY_MS) };
  const block = { unpaidPolicy: 'block', unpaidAgeDays: 30 };

  test.each(['awaiting_approval', 'issued', 'payment_failed', 'disputed'] as const)(
    'and are %s for too long refuse messages, and name the reason',
    async (state) => {
      const tenant = await restricted(block);
      await buildUnpaidInvoice(sender.prisma, tenant, { ...overdue, state });
      const ids = await accepted(tenant);
      await sender.send(...ids);
      expect(await states(ids)).toEqual([['rejected', 'unpaid_billings']]);
      expect((await sender.message(ids[0] as string)).lastFailure).toContain('age');
    },
  );

  test.each([
    ['are paid', block, { ...overdue, state: 'paid' }],
    ['are younger than the line', block, {}],
    ['ask for nothing', block, { ...overdue, totalMinor: 0n }],
    ['are on the payer’s invoice', block, { ...overdue, document: 'section' }],
    ['only warn', { ...block, unpaidPolicy: 'warn' }, overdue],
    ['have no policy', { ...block, unpaidPolicy: 'off' }, overdue],
  ] as const)('keep nothing back where they %s', async (_, settings, invoice) => {
    const tenant = await restricted(settings);
    await buildUnpaidInvoice(sender.prisma, tenant, invoice);
    const ids = await accepted(tenant);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([['submitted', null]]);
  });

  test('beyond an amount hold messages by the tenant’s wish, until they are paid; test messages go on', async () => {
    const tenant = await restricted(
      { unpaidPolicy: 'block', unpaidMicros: 500_000_000n },
      { onLimitReached: 'hold' },
    );
    const id = await buildUnpaidInvoice(sender.prisma, tenant, { totalMinor: 60_000n });
    const ids = await accepted(tenant, [{}, { mode: 'test' }]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([
      ['accepted', 'unpaid'],
      ['submitted', null],
    ]);
    await sender.prisma.invoice.update({ where: { id }, data: { paidMinor: 60_000n } });
    sender.clock.advance(10 * MINUTE_MS);
    await sender.sweep();
    expect((await states(ids))[0]).toEqual(['submitted', null]);
  });

  test('keep promotions back while an invoice is past due, and nothing else', async () => {
    const tenant = await restricted({ onPastDue: 'limit' }, { onLimitReached: 'hold' });
    const crossing = { tenantId: tenant.id, kind: 'past_due', line: '', detail: {} } as const;
    await openCrossing(sender.prisma, crossing, testNow);
    const ids = await accepted(tenant, [{ category: 'promotional' }, {}]);
    await sender.send(...ids);
    expect(await states(ids)).toEqual([
      ['accepted', 'unpaid'],
      ['submitted', null],
    ]);
    await leaveCrossing(sender.prisma, { tenantId: tenant.id, kind: 'past_due' }, sender.clock.now());
    await sender.sweep();
    expect((await states(ids))[0]).toEqual(['submitted', null]);
  });
});

test('a blocked provider alerts operators once, until it is resumed', async () => {
  const tenant = await buildTenant(sender.prisma);
  const ids = await accepted(tenant, [{}, {}]);
  sender.simulator.faults.set({ nextSends: [{ kind: 'status', status: 403 }] });
  await sender.send(ids[0] as string);
  await sender.send(...ids);
  const alerts = () => sender.prisma.operatorAlert.findMany({ where: { kind: 'provider_blocked' } });
  expect(await alerts()).toMatchObject([{ subject: 'sms-manager', closedAt: null }]);
  sender.clock.advance(MINUTE_MS);
  await sender.watchProvider();
  expect(await alerts()).toMatchObject([{ closedBy: 'tollgate', closedAt: sender.clock.now() }]);
});
