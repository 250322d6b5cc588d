import type { PendingCallback } from '../state/callback-table.ts';
import { signCallback } from './sign-callback.ts';

export interface PostCallbackDeps {
  authToken: string;
  timeoutMs: number;
  /** Aborted when the simulator stops. */
  stopping: AbortSignal;
}

/** What came of one attempt: any HTTP answer ends it, a connection that fails is tried once more. */
export interface PostedCallback {
  isAnswered: boolean;
  /** Status code, `timeout` or `no connection`. */
  answer: string;
}

/** Posts a callback once and returns what came of it; a network failure is a result, not an error. */
export async function postCallback(
  deps: PostCallbackDeps,
  callback: PendingCallback,
): Promise<PostedCallback> {
  const timeout = AbortSignal.timeout(deps.timeoutMs);
  try {
    const response = await fetch(callback.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([timeout, deps.stopping]),
      body: callback.body,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'User-Agent': 'TwilioProxy/1.1',
        'X-Twilio-Signature': signCallback(callback.url, new URLSearchParams(callback.body), deps.authToken),
      },
    });
    await response.body?.cancel();
    return { isAnswered: true, answer: String(response.status) };
  } catch {
    // An answer that is too slow is no failed connection: it is not tried again.
    return { isAnswered: timeout.aborted, answer: timeout.aborted ? 'timeout' : 'no connection' };
  }
}
