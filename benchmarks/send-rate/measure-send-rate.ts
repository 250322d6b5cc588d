import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { tenantWithKey } from '../../infra/chaos/system/tenants.ts';
import { withSystem } from '../with-system.ts';
import { measureFloor } from './measure-floor.ts';
import { measureHandOvers } from './measure-hand-overs.ts';
import { measureRequests } from './measure-requests.ts';

export type SendRateOptions = {
  /** A folder of its own for all data. */
  folder: string;
  /** The Redis program; null measures the PostgreSQL queue. */
  redisBinary: string | null;
  messageCount: number;
};

const BALANCE_MICROS = 10_000_000_000_000n;

/** Measures, one after another, on servers of its own; a line per figure. Throws when the books are not right at the end. */
export async function* measureSendRate(options: SendRateOptions): AsyncGenerator<string> {
  const { folder, redisBinary, messageCount } = options;
  await using running = await withSystem({ folder, redisBinary });
  const { system } = running;
  const { prisma } = system.database;
  const connection = await openQueueConnection({ url: running.queueUrl, prefix: 'tollgate', workersMax: 1 });
  try {
    yield `queue in ${running.backend}, ${messageCount} messages`;
    const floor = await measureFloor(connection, messageCount);
    const line = (what: string, rate: number) =>
      `${what.padEnd(56)} ${rate.toFixed(0).padStart(7)}/s ${(rate / floor).toFixed(2).padStart(7)} of the floor`;
    yield line('floor: jobs added one by one, a worker that does nothing', floor);
    const { tenant, key } = await tenantWithKey(prisma, { balanceMicros: BALANCE_MICROS });
    for (const name of ['api', 'sms-sender', 'usage-aggregator'] as const) await system.start(name);
    yield line(
      'hand-overs of a waiting campaign, one sender',
      await measureHandOvers(system, connection, tenant, messageCount),
    );
    const requests = await measureRequests(system, { tenantId: tenant.id, key }, messageCount);
    yield line('requests answered with 202, one message each', requests.acceptedPerSecond);
    yield line('from request to charge, one message each', requests.chargedPerSecond);
    const { p50, p95 } = requests.handOverMs;
    yield `from acceptance to hand-over under that load: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`;
    const { discrepancyCount } = await reconcile(prisma, systemClock.now());
    if (discrepancyCount > 0) throw new Error(`the reconciliation finds ${discrepancyCount} discrepancies`);
    yield 'reconciliation: no discrepancy';
  } finally {
    await connection.close();
  }
}
