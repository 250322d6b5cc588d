import { afterAll, describe, expect, test } from 'vitest';
import type { Transaction } from '../src/runtime/transaction.ts';
import { deleteTenant } from '../src/tenants/delete-tenant.ts';
import {
  requestResume,
  resumeTenant,
  type SuspensionReason,
  suspendTenant,
  suspensionReasons,
} from '../src/tenants/suspend-tenant.ts';
import { buildTenant, type TestTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const change = <Result>(work: (tx: Transaction) => Promise<Result>) =>
  prisma.$transaction((db) => work({ db, enqueue: () => undefined }));
const suspend = ({ id: tenantId }: TestTenant, reason: SuspensionReason) =>
  change((tx) => suspendTenant(tx, { tenantId, reason, actor: 'tollgate' }, testNow));
const resume = ({ id: tenantId }: TestTenant, onlyIf?: SuspensionReason) =>
  change((tx) => resumeTenant(tx, { tenantId, actor: 'tollgate', ...(onlyIf && { onlyIf }) }, testNow));
const standing = async ({ id }: TestTenant) => {
  const { status, suspensionReason } = await prisma.tenant.findUniqueOrThrow({ where: { id } });
  return suspensionReason ?? status;
};
const historyOf = async ({ id: tenantId }: TestTenant) => {
  const events = await prisma.tenantEvent.findMany({ where: { tenantId }, orderBy: { id: 'asc' } });
  return events.map(({ kind }) => kind).filter((kind) => kind !== 'created' && kind !== 'sms_enabled');
};

/** What stands after the second reason came to the first. */
const outcome: Record<SuspensionReason, Record<SuspensionReason, SuspensionReason>> = {
  tenant: { tenant: 'tenant', unpaid: 'tenant', dispute: 'tenant', operator: 'operator' },
  unpaid: { tenant: 'unpaid', unpaid: 'unpaid', dispute: 'dispute', operator: 'operator' },
  dispute: { tenant: 'dispute', unpaid: 'dispute', dispute: 'dispute', operator: 'operator' },
  operator: { tenant: 'operator', unpaid: 'operator', dispute: 'operator', operator: 'operator' },
};

describe('a suspension', () => {
  test.each(
    suspensionReasons.flatMap((first) => suspensionReasons.map((second) => [first, second] as const)),
  )(
    'for %s followed by one for %s leaves the stronger, and a line of history only for what changed',
    async (first, second) => {
      const tenant = await buildTenant(prisma, { balanceMicros: 0n });
      expect(await suspend(tenant, first)).toBe(true);
      const stands = outcome[first][second];
      expect(await suspend(tenant, second)).toBe(stands !== first);
      expect(await standing(tenant)).toBe(stands);
      expect(await historyOf(tenant)).toHaveLength(stands === first ? 1 : 2);
    },
  );

  test.each(suspensionReasons.filter((reason) => reason !== 'unpaid'))(
    'for %s is not lifted by a payment',
    async (reason) => {
      const tenant = await buildTenant(prisma, { balanceMicros: 0n });
      await suspend(tenant, reason);
      expect(await resume(tenant, 'unpaid')).toBe(false);
      expect(await standing(tenant)).toBe(reason);
    },
  );

  test('for an unpaid invoice is lifted by its payment, once', async () => {
    const tenant = await buildTenant(prisma, { balanceMicros: 0n });
    await suspend(tenant, 'unpaid');
    const lifted = await Promise.all([1, 2, 3, 4].map(() => resume(tenant, 'unpaid')));
    expect(lifted.filter(Boolean)).toHaveLength(1);
    expect(await standing(tenant)).toBe('active');
    expect(await historyOf(tenant)).toEqual(['suspended', 'resumed']);
  });

  test('of a deleted tenant does not exist, and its deletion happens once', async () => {
    const tenant = await buildTenant(prisma, { balanceMicros: 0n });
    await suspend(tenant, 'operator');
    const { id: tenantId } = tenant;
    const remove = () => change((tx) => deleteTenant(tx, { tenantId, actor: 'tollgate' }, testNow));
    expect((await Promise.all([remove(), remove(), remove()])).filter(Boolean)).toHaveLength(1);
    expect(await suspend(tenant, 'operator')).toBe(false);
    expect(await resume(tenant)).toBe(false);
    const asked = await change((tx) =>
      requestResume(tx, { tenantId, actor: 'tollgate', message: null }, testNow),
    );
    expect(asked).toBe(false);
    expect(await standing(tenant)).toBe('deleted');
    expect(await historyOf(tenant)).toEqual(['suspended', 'deleted']);
  });
});
