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
  const send = (name: string, ended?: Promise<void>) => sendSingles(system.url, single.key, name, ended);
  // What is run for the first time is compiled first.
  await send('warm-up');
  await send('quiet');

  // Single messages come all the time: while campaigns are accepted, and while they are handed over.
  const acceptance = Promise.withResolvers<void>();
  const accepting = send('accepting', acceptance.promise);
  for (let campaign = 0; campaign < CAMPAIGNS; campaign += 1) {
    const { key } = await tenantWithKey(prisma, { balanceMicros: BALANCE_MICROS });
    await post(`${system.url}/v1/sms/batch`, key, campaignOf(campaign, messageCount));
  }
  acceptance.resolve();
  await Promise.all([accepting, send('busy')]);
  const campaigns = { campaign: { startsWith: 'campaign' } };
  const accepted = await prisma.message.count({ where: campaigns });
  if (accepted !== CAMPAIGNS * messageCount)
    throw new Error(`only ${accepted} campaign messages were accepted`);
  const waiting = await prisma.message.count({ where: { ...campaigns, submittedAt: null } });
  if (waiting === 0) throw new Error('the campaigns were over before the single messages: send more');

  await until(
    'everything is handed over',
    async () => (await prisma.message.count({ where: { submittedAt: null } })) === 0,
    { withinMs: LIMIT_MS },
  );
  const quietMs = await readWaits(system, 'quiet');
  const busyMs = await readWaits(system, 'busy');
  yield describe('on a quiet system', quietMs);
  yield describe('while the campaigns are accepted', await readWaits(system, 'accepting'));
  yield describe('behind the campaigns', busyMs);
  const ratio = quantile(busyMs, 0.95) / quantile(quietMs, 0.95);
  yield `p95 behind the campaigns is ${ratio.toFixed(2)} of its quiet value; ${waiting} campaign messages still waited`;
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

/** Sends two hundred messages, or as many as it takes until something has ended, at a fixed pace, whatever the answers take. */
async function sendSingles(url: string, key: string, campaign: string, ended?: Promise<void>): Promise<void> {
  const answers: Promise<void>[] = [];
  let isOver = false;
  void ended?.then(() => {
    isOver = true;
  });
  const startMs = performance.now();
  for (let index = 0; ended === undefined ? index < SINGLES : !isOver; index += 1) {
    const dueMs = startMs + index * SINGLE_EVERY_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    answers.push(post(`${url}/v1/sms/send`, key, { to: '+420777123456', body: `Single ${index}`, campaign }));
  }
  await Promise.all(answers);
}

/** From each message's acceptance to its arrival at the provider, in milliseconds. */
async function readWaits({ database, simulator }: System, campaign: string): Promise<number[]> {
  const attempts = await database.prisma.messageAttempt.findMany({
    where: { message: { campaign } },
    select: { id: true, message: { select: { acceptedAt: true } } },
  });
  const arrivals = new Map(
    simulator.received().map(({ payload, acceptedAt }) => {
      const { attempt } = payload ?? {};
      return [attempt, Date.parse(acceptedAt)];
    }),
  );
  return attempts.map(({ id, message }) => {
    const arrivedAtMs = arrivals.get(id);
    if (arrivedAtMs === undefined) throw new Error(`the provider has not seen the attempt ${id}`);
    return arrivedAtMs - message.acceptedAt.getTime();
  });
}

function describe(what: string, ms: readonly number[]): string {
  return `${what.padEnd(40)} p50 ${quantile(ms, 0.5).toFixed(0).padStart(5)} ms, p95 ${quantile(ms, 0.95).toFixed(0).padStart(5)} ms, longest ${Math.max(...ms).toFixed(0)} ms`;
}
