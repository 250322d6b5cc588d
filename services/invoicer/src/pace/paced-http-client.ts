import { setTimeout as wait } from 'node:timers/promises';
import Stripe from 'stripe';
import { endpointOf, newPace, noteAnswer, takePlace } from './pace.ts';

/**
 * The library's way to Stripe with a pace: writes of this process to one endpoint leave evenly, and
 * wait when Stripe says that it is too much. Reads are not paced; each is one of a write's few.
 */
export function pacedHttpClient(writesPerSecond: number): Stripe.HttpClient {
  const inner = Stripe.createNodeHttpClient();
  const pace = newPace();
  const nowMs = () => performance.now();
  const paced: Pick<Stripe.HttpClient, 'makeRequest'> = {
    async makeRequest(host, port, path, method, ...rest) {
      const endpoint = endpointOf(method, path);
      if (method !== 'GET') {
        const waitMs = takePlace(pace, endpoint, writesPerSecond, nowMs());
        if (waitMs > 0) await wait(waitMs);
      }
      const response = await inner.makeRequest(host, port, path, method, ...rest);
      const reason = response.getHeaders()['stripe-rate-limited-reason'];
      const answer = { endpoint, status: response.getStatusCode(), reason: reason?.toString() };
      noteAnswer(pace, answer, nowMs(), Math.random());
      return response;
    },
  };
  return Object.assign(Object.create(inner) as Stripe.HttpClient, paced);
}
