import type { ListWish } from '@tollgate/shared/opt-outs/block-list.ts';
import type { SmsManagerClient } from './client.ts';

/**
 * Adds numbers to the account's black list, or removes them (REST `POST` and `DELETE /blacklist`, one
 * number per line). Returns null once the provider has taken the wish, else why it did not. Doing it
 * again changes nothing there.
 */
export async function tellBlockList(
  { client, restUrl }: { client: SmsManagerClient; restUrl: string },
  wish: ListWish,
  recipients: readonly string[],
): Promise<string | null> {
  const method = wish === 'add' ? 'POST' : 'DELETE';
  const { status } = await client.change(method, `${restUrl}/blacklist`, { to: recipients.join('\n') });
  // An empty list answers 404: there is nothing to remove.
  if (status === 200 || (wish === 'remove' && status === 404)) return null;
  return status === 0 ? 'no answer' : `HTTP ${status}`;
}
