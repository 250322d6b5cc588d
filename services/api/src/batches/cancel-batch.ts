import { type CancelResult, cancelMessages } from '@tollgate/shared/messages/cancel-messages.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { z } from 'zod';
import { BatchView } from './batch-view.ts';

export const CanceledBatch = z
  .object({
    canceled: z.number().int().meta({ description: 'By this request.' }),
    canceledBefore: z.number().int(),
    tooLate: z.number().int().meta({ description: 'Handed over, or ended otherwise.' }),
    batch: BatchView,
  })
  .meta({ id: 'CanceledBatch' });

/** Locks are held for so many messages at a time, so that the sender hardly waits. */
const MESSAGES_AT_A_TIME = 1_000;

/** Cancels what of a batch was not handed over, piece by piece; asking again goes on where it stopped. */
export async function cancelBatch(
  deps: TransactionDeps & { clock: Clock },
  batchId: string,
): Promise<Omit<z.infer<typeof CanceledBatch>, 'batch'>> {
  const messages = await deps.prisma.message.findMany({
    where: { batchId },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  const count = { canceled: 0, canceled_before: 0, too_late: 0 } satisfies Record<
    CancelResult['outcome'],
    number
  >;
  for (let start = 0; start < messages.length; start += MESSAGES_AT_A_TIME) {
    const ids = messages.slice(start, start + MESSAGES_AT_A_TIME).map(({ id }) => id);
    const results = await inTransaction(deps, ({ db }) => cancelMessages(db, ids, deps.clock.now()));
    for (const { outcome } of results) count[outcome] += 1;
  }
  return { canceled: count.canceled, canceledBefore: count.canceled_before, tooLate: count.too_late };
}
