import { randomUUID } from 'node:crypto';
import { type ManualEntryResult, recordEntry } from '@tollgate/shared/credit/record-entry.ts';
import {
  type ManualPurchase,
  PurchaseFractionError,
  PurchaseReferenceError,
  recordTaxedPurchase,
} from '@tollgate/shared/credit/record-taxed-purchase.ts';
import { type RefundResult, refundMessage } from '@tollgate/shared/credit/refund-message.ts';
import type { Tenant } from '@tollgate/shared/generated/prisma/client.ts';
import { databaseCode } from '@tollgate/shared/runtime/failure.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import {
  inTransaction,
  type Transaction,
  type TransactionDeps,
} from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { readIdempotencyKey } from '../idempotency/idempotency-key.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { requireTenant } from '../tenants/require-tenant.ts';
import { type TransactionView, viewTransaction } from '../transactions/transaction-view.ts';
import { CreditRequest } from './credit-request.ts';
import { type BookedCreditView, readTaxDocument } from './credit-view.ts';

export type CreditAdminDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

type Booked = { isNew: boolean; transaction: TransactionView };
type Given = { tenant: Tenant; email: string; idempotencyKey: string | null };

/** What operators book on a tenant's account by hand. */
export function creditAdminRoutes(deps: CreditAdminDeps): Router {
  const router = Router();

  router.post('/v1/admin/tenants/:id/credit', async (request, response) => {
    const { email } = await deps.authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const wish = readBody(CreditRequest, request.body);
    const tenant = await requireTenant(deps.prisma, request.params.id);
    const given = { tenant, email, idempotencyKey: readIdempotencyKey(request) };
    const { isNew, transaction } =
      wish.kind === 'refund' ? await refund(deps, wish, given) : await book(deps, wish, given);
    deps.logger.info(
      { operator: email, tenantId: tenant.id, kind: wish.kind, entry: transaction.id, isNew },
      'credit booked by an operator',
    );
    if (!isNew) response.set('Idempotent-Replayed', 'true');
    const taxDocument = await readTaxDocument(deps.prisma, tenant.id, transaction.reference);
    response
      .status(isNew ? 201 : 200)
      .json({ ...transaction, taxDocument } satisfies z.infer<typeof BookedCreditView>);
  });

  return router;
}

type Manual = Exclude<z.infer<typeof CreditRequest>, { kind: 'refund' }>;
type Refund = Extract<z.infer<typeof CreditRequest>, { kind: 'refund' }>;

async function book(deps: CreditAdminDeps, wish: Manual, given: Given): Promise<Booked> {
  const { id: tenantId, currency } = given.tenant;
  const { amount: amountMicros, reason } = wish;
  const description = wish.kind === 'purchase' ? `${methods[wish.method]}: ${reason}` : reason;
  const entry = {
    tenantId,
    currency,
    amountMicros,
    reference: referenceOf(wish, given.idempotencyKey),
    description,
    createdBy: given.email,
  };
  const booking = inTransaction(deps, async (tx) => {
    const booked =
      wish.kind === 'purchase'
        ? await bookPurchase(tx, { ...entry, paymentMethod: wish.method }, deps.clock.now())
        : await recordEntry(tx.db, { ...entry, kind: wish.kind }, deps.clock.now());
    // The database has given the transaction up with the debit.
    if (booked.kind === 'exceeds_available') throw exceedsAvailable();
    return booked;
  });
  const result = await booking.catch((error: unknown) => {
    if (databaseCode(error) !== OUT_OF_RANGE) throw error;
    throw new Problem('conflict', 'the balance would be larger than an account can hold; nothing was booked');
  });
  return describe(result);
}

/** SQLSTATE of a number that is too large. */
const OUT_OF_RANGE = '22003';

async function bookPurchase(tx: Transaction, purchase: ManualPurchase, at: Date): Promise<ManualEntryResult> {
  try {
    return await recordTaxedPurchase(tx, purchase, at);
  } catch (error) {
    if (error instanceof PurchaseFractionError)
      throw invalidRequest([{ pointer: '#/amount', detail: `has more decimals than ${purchase.currency}` }]);
    if (error instanceof PurchaseReferenceError) throw new Problem('conflict', error.message);
    throw error;
  }
}

/** Without a reference of its own the idempotency key is one; without both every request books anew. */
function referenceOf(wish: Manual, idempotencyKey: string | null): string {
  return wish.reference ?? `${wish.kind} ${idempotencyKey ?? randomUUID()}`;
}

function describe(result: Exclude<ManualEntryResult, { kind: 'exceeds_available' }>): Booked {
  const { entry } = result;
  switch (result.kind) {
    case 'reference_used':
      throw new Problem(
        'conflict',
        `the reference ${entry.reference} stands for another entry of this tenant`,
      );
    case 'booked':
    case 'booked_before':
      return {
        isNew: result.kind === 'booked',
        transaction: viewTransaction(entry, undefined, entry.reference),
      };
  }
}

function exceedsAvailable(): Problem {
  return new Problem('conflict', 'the debit exceeds the available credit; nothing was booked');
}

async function refund(deps: CreditAdminDeps, wish: Refund, given: Given): Promise<Booked> {
  const { messageId, reason: description } = wish;
  const tenantId = given.tenant.id;
  const refunding = { tenantId, messageId, createdBy: given.email, description };
  const result = await inTransaction(deps, (tx) => refundMessage(tx, refunding, deps.clock.now()));
  if (result !== 'refunded') await refuseRefund(deps, result, refunding);
  const where = { messageId, kind: 'refund' };
  const entry = await deps.prisma.ledgerEntry.findFirstOrThrow({ where });
  const message = await deps.prisma.message.findUniqueOrThrow({ where: { id: messageId } });
  return { isNew: result === 'refunded', transaction: viewTransaction(entry, message, null) };
}

/** Throws a Problem, unless the same operator has refunded the message for the same reason: that is done already. */
async function refuseRefund(
  { prisma }: CreditAdminDeps,
  result: Exclude<RefundResult, 'refunded'>,
  { messageId, createdBy, description }: { messageId: string; createdBy: string; description: string },
): Promise<void> {
  const same = { messageId, kind: 'refund', createdBy, description };
  if (result === 'not_charged' && (await prisma.ledgerEntry.findFirst({ where: same }))) return;
  throw new Problem(...refusals[result]);
}

const refusals: Record<Exclude<RefundResult, 'refunded'>, ['not_found' | 'conflict', string]> = {
  not_found: ['not_found', 'the tenant has no such message'],
  not_over: ['conflict', 'the message is not over: a report that is still to come would charge it again'],
  not_charged: ['conflict', 'the message was not charged, or was refunded before'],
};

const methods = { bank_transfer: 'Bank transfer', cash: 'Cash', card: 'Card', other: 'Payment' };
