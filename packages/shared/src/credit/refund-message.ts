import { lockMessages } from '../messages/claim-messages.ts';
import { wakeHeldMessages } from '../messages/held-messages.ts';
import { isTerminal } from '../messages/states.ts';
import { rollUpUsage } from '../queues/catalog.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { correctionOfMessage } from '../usage/message-usage.ts';
import { recordUsage } from '../usage/record-usage.ts';
import { settleCredit } from './settle-credit.ts';

export type RefundResult = 'refunded' | 'not_charged' | 'not_over' | 'not_found';

/**
 * Gives a message's price back by hand, once, with the usage it counted. Only of a message that is over:
 * a report that is still to come would charge it again. One that was refunded before is `not_charged`.
 */
export async function refundMessage(
  tx: Transaction,
  refund: { tenantId: string; messageId: string; createdBy: string; description: string },
  at: Date,
): Promise<RefundResult> {
  const { tenantId, messageId, createdBy, description } = refund;
  const [message] = await lockMessages(tx.db, [messageId]);
  if (message?.tenantId !== tenantId) return 'not_found';
  if (!isTerminal(message.state)) return 'not_over';
  const { currency, priceMicros } = message;
  const charge = { tenantId, currency, messageId, priceMicros, by: { createdBy, description } };
  const { refunded } = await settleCredit(tx.db, { capture: [], release: [], refund: [charge] }, at);
  if (refunded.length === 0) return 'not_charged';
  await recordUsage(tx.db, [correctionOfMessage(message, at)], at);
  await wakeHeldMessages(tx.db, { reason: 'credit', tenantId }, at);
  tx.enqueue(rollUpUsage, { tenantId }, { deduplicationId: tenantId });
  return 'refunded';
}
