import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import type { System } from '../../infra/chaos/system/start-system.ts';
import { tenantWithKey } from '../../infra/chaos/system/tenants.ts';
import { post } from '../post.ts';
import { quantile } from '../quantile.ts';
import { withSystem } from '../with-system.ts';

export type FairnessOptions = {
  /** A folder of its own for all data. */
  folder: string;
  /** The Redis program; null measures the PostgreSQL queue. */
  redisBinary: string | null;
  /** Messages of each campaign. */
  messageCount: number;
};

const CAMPAIGNS = 20;
const SINGLES = 200;
const SINGLE_EVERY_MS = 100;
const BALANCE_MICROS = 10_000_000_000_000n;
const LIMIT_MS = 20 * 60_000;

/**
 * How long a tenant's single messages wait while twenty others send campaigns, beside how long they wait on a quiet
 * system; a line per figure. Throws when the campaigns ended too early to matter, or the books are not right at the end.
 */
export async function* measureFairness(options: FairnessOptions): AsyncGenerator<string> {
  const { folder, redisBinary, messageCount } = options;
  await using running = await withSystem({ folder, redisBinary });
  const { system } = running;
  const { prisma } = system.database;
  yield `queue in ${running.backend}, ${CAMPAIGNS} campaigns of ${messageCount} messages, ${SINGLES} single messages`;
  const single = await tenantWithKey(prisma, { balanceMicros: BALANCE_MICROS });
  for (const name of ['api', 'sms-sender', 'usage-aggregator'] as const) await system.start(name);
  // What is run for the first time is compiled first.
  await sendSingles(system, single.key, 'warm-up');
  const quietMs = await sendSingles(system, single.key, 'quiet');
  yield describe('single messages on a quiet system', quietMs);

  for (let campaign = 0; campaign < CAMPAIGNS; campaign += 1) {
    const { key } = await tenantWithKey(prisma, { balanceMicros: BALANCE_MICROS });
    await post(`${system.url}/v1/sms/batch`, key, campaignOf(campaign, messageCount));
  }
  const busyMs = await sendSingles(system, single.key, 'busy');
  const accepted = await prisma.message.count({ where: { campaign: { startsWith: 'campaign' } } });
  if (accepted !== CAMPAIGNS * messageCount)
    throw new Error(`only ${accepted} campaign messages were accepted`);
  const waiting = await prisma.message.count({
    where: { submittedAt: null, campaign: { startsWith: 'campaign' } },
  });
  if (waiting === 0) throw new Error('the campaigns were over before the single messages: send more');
  yield describe('single messages behind the campaigns', busyMs);
  yield `p95 behind the campaigns is ${(quantile(busyMs, 0.95) / quantile(quietMs, 0.95)).toFixed(2)} of its quiet value; ${waiting} campaign messages still waited`;

  await until(
    'every campaign is handed over',
    async () => (await prisma.message.count({ where: { submittedAt: null } })) === 0,
    { withinMs: LIMIT_MS },
  );
  const { discrepancyCount } = await reconcile(prisma, systemClock.now());
  if (discrepancyCount > 0) throw new Error(`the reconciliation finds ${discrepancyCount} discrepancies`);
  yield 'reconciliation: no discrepancy';
}

function campaignOf(number: number, messageCount: number): object {
  return {
    body: 'Campaign for {{name}}',
    campaign: `campaign ${number}`,
    recipients: Array.from({ length: messageCount }, (_, index) => ({
      to: `+4207${20 + number}${String(index).padStart(6, '0')}`,
      values: { name: `number ${index}` },
    })),
  };
}

/** Sends at a fixed pace, whatever the answers take; from acceptance to the commit that opens each hand-over, in milliseconds. */
async function sendSingles(system: System, key: string, campaign: string): Promise<number[]> {
  const { prisma } = system.database;
  const answers: Promise<void>[] = [];
  const startMs = performance.now();
  for (let index = 0; index < SINGLES; index += 1) {
    const dueMs = startMs + index * SINGLE_EVERY_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    answers.push(
      post(`${system.url}/v1/sms/send`, key, { to: '+420777123456', body: `Single ${index}`, campaign }),
    );
  }
  await Promise.all(answers);
  await until(
    'every single message is handed over',
    async () => (await prisma.message.count({ where: { campaign, submittedAt: null } })) === 0,
    { withinMs: LIMIT_MS },
  );
  const waits = await prisma.$queryRaw<{ ms: number }[]>`
    SELECT extract(epoch FROM a.opened_at - m.accepted_at)::float8 * 1000 AS ms
    FROM messages m JOIN message_attempts a ON a.message_id = m.id AND a.number = 1
    WHERE m.campaign = ${campaign}`;
  return waits.map(({ ms }) => ms);
}

function describe(what: string, ms: readonly number[]): string {
  return `${what.padEnd(40)} p50 ${quantile(ms, 0.5).toFixed(0).padStart(5)} ms, p95 ${quantile(ms, 0.95).toFixed(0).padStart(5)} ms, longest ${Math.max(...ms).toFixed(0)} ms`;
}
