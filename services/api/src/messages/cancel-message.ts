import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { cancelMessages } from '@tollgate/shared/messages/cancel-messages.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Problem } from '../problems/problem.ts';
import { type FindMessageDeps, findMessage } from './find-message.ts';
import type { MessageView } from './message-view.ts';

export type CancelDeps = FindMessageDeps & TransactionDeps & { clock: Clock };

/**
 * Cancels one of the caller's messages and gives it as it is now; null when the caller has none with
 * that id. Throws a Problem when it was handed over or has ended.
 */
export async function cancelMessage(
  deps: CancelDeps,
  caller: Caller,
  messageId: string,
): Promise<MessageView | null> {
  // As the tenant: somebody else's message is not even locked.
  if (!(await findMessage(deps, caller, messageId))) return null;
  const [result] = await inTransaction(deps, ({ db }) => cancelMessages(db, [messageId], deps.clock.now()));
  if (result?.outcome === 'too_late') {
    const id = toPublicId('msg', messageId);
    throw new Problem('too_late', `message ${id} was handed over or has ended: it is ${result.state}`, {
      state: result.state,
    });
  }
  return findMessage(deps, caller, messageId);
}
