import { Agent } from 'node:http';
import { until } from '@tollgate/shared/testing/until.ts';
import pLimit from 'p-limit';
import type { System } from '../../infra/chaos/system/start-system.ts';
import { post } from '../post.ts';
import { quantile } from '../quantile.ts';
import { perSecond } from './rates.ts';

const CONNECTIONS = 32;
const LIMIT_MS = 10 * 60_000;

export type RequestRates = {
  /** Requests per second that were answered with 202. */
  acceptedPerSecond: number;
  /** Messages per second from the first request to the last charge. */
  chargedPerSecond: number;
  /** From acceptance to the commit that opens the hand-over, in milliseconds. */
  handOverMs: { p50: number; p95: number };
};

/** Single requests over HTTP, one message each, until every one of them is delivered and charged. */
export async function measureRequests(
  system: System,
  { tenantId, key }: { tenantId: string; key: string },
  messageCount: number,
): Promise<RequestRates> {
  const { prisma } = system.database;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const limit = pLimit(CONNECTIONS);
  const campaign = `requests ${messageCount}`;
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: messageCount }, (_, index) =>
      limit(() =>
        post(
          `${system.url}/v1/sms/send`,
          key,
          { to: '+420777123456', body: `Request ${index}`, campaign },
          agent,
        ),
      ),
    ),
  );
  const acceptedPerSecond = perSecond(messageCount, startMs);
  agent.destroy();
  await until(
    'every message is delivered and charged',
    async () =>
      (await prisma.message.count({ where: { tenantId, campaign, state: 'delivered' } })) === messageCount,
    { withinMs: LIMIT_MS },
  );
  const chargedPerSecond = perSecond(messageCount, startMs);
  const waits = await prisma.$queryRaw<{ ms: number }[]>`
    SELECT extract(epoch FROM a.opened_at - m.accepted_at)::float8 * 1000 AS ms
    FROM messages m JOIN message_attempts a ON a.message_id = m.id AND a.number = 1
    WHERE m.tenant_id = ${tenantId}::uuid AND m.campaign = ${campaign}`;
  const ms = waits.map((wait) => wait.ms);
  return {
    acceptedPerSecond,
    chargedPerSecond,
    handOverMs: { p50: quantile(ms, 0.5), p95: quantile(ms, 0.95) },
  };
}
