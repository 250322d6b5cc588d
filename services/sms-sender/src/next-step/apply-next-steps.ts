import {
  type Charge,
  type CreditSettlement,
  type SettledCharges,
  settleCredit,
} from '@tollgate/shared/credit/settle-credit.ts';
import { bury } from '@tollgate/shared/dead-letters/bury.ts';
import { moveMessages } from '@tollgate/shared/messages/move-messages.ts';
import { rollUpUsage, sendMessages } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import {
  correctionOfMessage,
  recountOfMessage,
  usageOfMessage,
} from '@tollgate/shared/usage/message-usage.ts';
import { recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import type { NextStep } from './next-step.ts';

/**
 * Writes next steps: moves, charges and dead letters together. The caller holds the messages' locks.
 * Messages of test keys never touch an account.
 */
export async function applyNextSteps(tx: Transaction, steps: readonly NextStep[], at: Date): Promise<void> {
  const { db } = tx;
  const settled = await settleCredit(db, toSettlement(steps), at);
  await meter(tx, steps, settled, at);
  await moveMessages(
    db,
    steps.map(({ message, move }) => ({ messageId: message.id, ...move })),
  );
  for (const { message, givenUp } of steps) {
    if (givenUp) await buryMessage(tx, message, givenUp, at);
  }
}

/** Usage is written in the transaction that charged for it; the aggregator is told after the commit. */
async function meter(
  tx: Transaction,
  steps: readonly NextStep[],
  settled: SettledCharges,
  at: Date,
): Promise<void> {
  const messages = new Map(steps.map(({ message }) => [message.id, message]));
  const find = ({ messageId }: Charge) => messages.get(messageId) ?? [];
  const charged = settled.captured.flatMap(find);
  const refunded = settled.refunded.flatMap(find);
  const recharged = settled.recaptured.flatMap(find);
  await recordUsage(
    tx.db,
    [
      ...charged.map((message) => usageOfMessage(message, at)),
      ...refunded.map((message) => correctionOfMessage(message, at)),
      ...recharged.map((message) => recountOfMessage(message, at)),
    ],
    at,
  );
  for (const tenantId of new Set(
    [...charged, ...refunded, ...recharged].map((message) => message.tenantId),
  )) {
    tx.enqueue(rollUpUsage, { tenantId }, { deduplicationId: tenantId });
  }
}

function toSettlement(steps: readonly NextStep[]): CreditSettlement {
  const settlement: CreditSettlement = { capture: [], release: [], refund: [] };
  for (const { message, credit } of steps) {
    if (credit === 'none' || message.mode === 'test') continue;
    const { id: messageId, tenantId, currency, priceMicros } = message;
    const charge: Charge = { messageId, tenantId, currency, priceMicros };
    settlement[credit].push(charge);
  }
  return settlement;
}

async function buryMessage(
  tx: Transaction,
  message: NextStep['message'],
  { failureClass, detail }: NonNullable<NextStep['givenUp']>,
  at: Date,
): Promise<void> {
  await bury(
    tx,
    {
      queue: sendMessages.name,
      jobId: `message ${message.id}`,
      payload: { messageIds: [message.id] },
      failureClass,
      failureDetail: detail,
      fingerprint: failureClass,
      attempts: message.attemptCount,
      messageId: message.id,
      tenantId: message.tenantId,
      atStakeMicros: message.mode === 'test' ? 0n : message.priceMicros,
      currency: message.currency,
    },
    at,
  );
}
