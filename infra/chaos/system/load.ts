import { setTimeout as delay } from 'node:timers/promises';
import type { MessageCategory } from '@tollgate/shared/messages/categories.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import type { Random } from '../random.ts';
import type { SendRequest, System } from './start-system.ts';

const ASK_AGAIN_MS = 250;

/** A tenant's application. */
export type Application = { tenantId: string; key: string };

/** A request that was answered with 202; its body and reference are the same, and nobody else's. */
export type AcceptedRequest = { reference: string; tenantId: string; category: MessageCategory };

export type Load = {
  /** What was accepted so far, in the order of the answers. */
  accepted: readonly AcceptedRequest[];
  /** How many were refused: for want of credit, or because the code's time was over before anybody answered. */
  refusedCount(): number;
  /** Answers that no application should get, each once. */
  mistakes: ReadonlySet<string>;
  /** Makes no new request, and resolves when the last one was answered. */
  stop(): Promise<void>;
};

export type LoadOptions = {
  applications: readonly Application[];
  perSecond: number;
  /** How long a one-time code is of use. */
  codeValidityMs: number;
  random: Random;
};

/**
 * Requests that keep coming at a steady rate, from several applications and in all categories. An application that
 * got no answer, or that of a server in trouble, asks again with the same idempotency key until it has one.
 */
export function startLoad(system: Pick<System, 'request'>, options: LoadOptions): Load {
  const { applications, perSecond, codeValidityMs, random } = options;
  const accepted: AcceptedRequest[] = [];
  const mistakes = new Set<string>();
  const waiting = new Set<Promise<void>>();
  let refused = 0;
  let count = 0;
  const timer = setInterval(makeRequest, 1_000 / perSecond);

  function makeRequest(): void {
    count += 1;
    const { tenantId, key } = random.pick(applications);
    const category = random.pick(['promotional', 'transactional', 'priority'] as const);
    const reference = `Message-${count}`;
    const request: SendRequest = {
      to: `+4207761${String(10_000 + (count % 90_000))}`,
      body: reference,
      reference,
      category,
    };
    if (category === 'priority') {
      request.validUntil = new Date(systemClock.now().getTime() + codeValidityMs).toISOString();
    }
    const answered = untilAnswered(key, request)
      .then((status) => {
        if (status === 202) accepted.push({ reference, tenantId, category });
        else refused += 1;
      })
      .catch((error: unknown) => void mistakes.add(error instanceof Error ? error.message : String(error)))
      .finally(() => waiting.delete(answered));
    waiting.add(answered);
  }

  async function untilAnswered(key: string, request: SendRequest): Promise<number> {
    const isTooLate = ({ validUntil }: SendRequest) =>
      validUntil !== undefined && Date.parse(validUntil) <= systemClock.now().getTime();
    for (;;) {
      const answer = await system.request(key, request, request.body).catch(() => null);
      if (answer !== null && (answer.status === 202 || answer.status === 402)) {
        await answer.body?.cancel();
        return answer.status;
      }
      if (answer !== null && answer.status < 500 && answer.status !== 429) {
        if (isTooLate(request)) return answer.status;
        const { detail } = (await answer.json()) as { detail?: string };
        throw new Error(`an application got ${answer.status}: ${detail}`);
      }
      await answer?.body?.cancel();
      await delay(ASK_AGAIN_MS);
    }
  }

  return {
    accepted,
    mistakes,
    refusedCount: () => refused,
    async stop() {
      clearInterval(timer);
      await Promise.all(waiting);
    },
  };
}
