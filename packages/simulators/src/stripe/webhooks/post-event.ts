import { signEvent } from './sign-event.ts';

export interface PostEventDeps {
  webhookSecret: string | undefined;
  now: () => Date;
  timeoutMs: number;
  /** Aborted when the simulator stops. */
  stopping: AbortSignal;
}

/** What came of one attempt: any 2xx is success, everything else (a redirect too) is not. */
export interface PostedEvent {
  answered: boolean;
  /** Status code, `timeout` or `no connection`. */
  answer: string;
}

/** Posts an event once and returns what came of it; a network failure is a result, not an error. */
export async function postEvent(deps: PostEventDeps, url: string, body: string): Promise<PostedEvent> {
  const timeout = AbortSignal.timeout(deps.timeoutMs);
  const instant = Math.floor(deps.now().getTime() / 1000);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([timeout, deps.stopping]),
      body,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        ...(deps.webhookSecret && { 'Stripe-Signature': signEvent(body, deps.webhookSecret, instant) }),
      },
    });
    await response.body?.cancel();
    return { answered: response.ok, answer: String(response.status) };
  } catch {
    return { answered: false, answer: timeout.aborted ? 'timeout' : 'no connection' };
  }
}
