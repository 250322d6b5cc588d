import { insertInvoice, type NewInvoice } from '@tollgate/shared/billing/invoices.ts';
import { lockOpenRollups, stampRollups } from '@tollgate/shared/billing/rollups.ts';
import { settleCredit } from '@tollgate/shared/credit/settle-credit.ts';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import type { NewMessage } from '@tollgate/shared/messages/message.ts';
import { roundToMinorUnits } from '@tollgate/shared/money/round-to-minor-units.ts';
import { buildMessages, type MessageOverrides } from '@tollgate/shared/testing/build-message.ts';
import type { TestTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { correctionOfMessage, usageOfMessage } from '@tollgate/shared/usage/message-usage.ts';
import { recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';

const toCharge = ({ id, tenantId, currency, priceMicros }: NewMessage) => ({
  messageId: id,
  tenantId,
  currency,
  priceMicros,
});

/** Messages that were charged at the given instants: ledger entries and usage in one transaction each. */
export async function chargeMessages(
  prisma: PrismaClient,
  tenant: TestTenant,
  charges: readonly (MessageOverrides & { at: string })[],
): Promise<NewMessage[]> {
  const messages = await buildMessages(
    prisma,
    tenant,
    charges.map(({ at: _at, ...message }) => message),
  );
  for (const [index, { at }] of charges.entries()) {
    const instant = new Date(at);
    const message = messages[index] as NewMessage;
    await prisma.$transaction(async (db) => {
      await settleCredit(db, { capture: [toCharge(message)], release: [], refund: [] }, instant);
      await recordUsage(db, [usageOfMessage(message, instant)], instant);
    });
  }
  return messages;
}

/** Gives a charged message's price back. */
export async function refundMessage(prisma: PrismaClient, message: NewMessage, at: string): Promise<void> {
  const instant = new Date(at);
  await prisma.$transaction(async (db) => {
    await settleCredit(db, { capture: [], release: [], refund: [toCharge(message)] }, instant);
    await recordUsage(db, [correctionOfMessage(message, instant)], instant);
  });
}

export type InvoiceOverrides = Partial<Pick<NewInvoice, 'document' | 'settlesMicros' | 'issuedAt'>>;

/** Closes the tenant's open period with an invoice of all its usage; returns the invoice's id. */
export async function invoiceUsage(
  prisma: PrismaClient,
  tenant: TestTenant,
  overrides: InvoiceOverrides = {},
): Promise<string> {
  const { id: tenantId, currency } = tenant;
  return prisma.$transaction(async (db) => {
    const period = await db.billingPeriod.findFirstOrThrow({ where: { tenantId, closedAt: null } });
    await rollUp(db, { tenantId, wait: true });
    const rollups = await lockOpenRollups(db, { tenantId, currency, beforeDay: '2999-01-01' });
    const usageMicros = rollups.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
    const id = newId();
    const settlesMicros = overrides.settlesMicros ?? 0n;
    const invoice: NewInvoice = {
      id,
      tenantId,
      periodId: period.id,
      kind: 'usage',
      document: 'statement',
      currency,
      usageMicros,
      settlesMicros,
      totalMinor: roundToMinorUnits(settlesMicros, currency),
      issuedAt: period.endsAt,
      wakeAt: null,
      ...overrides,
    };
    const lines = rollups.map(({ meter, country, unitPriceMicros, quantity, amountMicros }) => ({
      kind: 'usage' as const,
      meter,
      country,
      unitPriceMicros,
      quantity,
      amountMicros,
      description: `SMS to ${country}`,
    }));
    await insertInvoice(db, invoice, lines);
    await stampRollups(
      db,
      rollups.map((rollup) => rollup.id),
      id,
    );
    await db.billingPeriod.update({ where: { id: period.id }, data: { closedAt: period.endsAt } });
    return id;
  });
}
