import { join } from 'node:path';
import { testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { findLastingPort } from './find-lasting-port.ts';
import { startOutside } from './outside.ts';
import { type RunningService, type ServiceName, startService } from './service-process.ts';
import type { SystemDatabase } from './system-database.ts';
import type { SystemQueue } from './system-queue.ts';

const cronSecret = 'cron-secret-of-the-scenarios';

export type SystemParts = {
  database: SystemDatabase;
  queue: SystemQueue;
  /** Where its processes run. */
  folder: string;
  /** Whether a service that ends by itself is started again, as `npm start` does. */
  areServicesRestarted: boolean;
  /** Hears how services ended that nobody stopped. */
  onEvent(event: string): void;
};

export type SendRequest = {
  to: string;
  body: string;
  reference?: string;
  category?: string;
  validUntil?: string;
};

export type System = Awaited<ReturnType<typeof startSystem>>;

/** The services as processes of their own, on the given servers, against simulators. None runs at first. */
export async function startSystem(parts: SystemParts) {
  const { database, queue } = parts;
  const apiPort = await findLastingPort();
  const url = `http://127.0.0.1:${apiPort}`;
  const outside = await startOutside(url);
  const services: RunningService[] = [];
  const environment = {
    TOLLGATE_MODE: 'sandbox',
    DATABASE_URL: database.url,
    QUEUE_URL: queue.url,
    MASTER_KEY: testMasterKey.toString('base64'),
    PUBLIC_URL: url,
    PORT: String(apiPort),
    CRON_SECRET: cronSecret,
    // One key stands for all of a tenant's traffic here.
    RATE_LIMIT_REQUESTS: '1000000',
    ...outside.environment,
  };

  async function start(name: ServiceName): Promise<RunningService> {
    const service = await startService(name, {
      folder: join(parts.folder, `${name}-${services.length}`),
      environment,
      isRestarted: parts.areServicesRestarted,
      onEvent: parts.onEvent,
    });
    services.push(service);
    return service;
  }

  /** Asks for the closing of every period, of any tenant, that ends at the instant or before. */
  async function closePeriods(asOf: Date): Promise<void> {
    const response = await fetch(`${url}/v1/internal/jobs/billing?type=monthly&asOf=${asOf.toISOString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cronSecret}` },
      signal: AbortSignal.timeout(30_000),
    });
    if (response.status !== 202) throw new Error(await response.text());
  }

  return {
    ...outside,
    database,
    queue,
    url,
    /** Every service that was started, dead ones included. */
    services,
    start,

    /** Kills what runs of a service; returns what was killed. */
    async killAll(name: ServiceName) {
      const victims = services.filter((service) => service.name === name && service.isAlive());
      await Promise.all(victims.map((service) => service.kill()));
      return victims;
    },

    /** One request to send; rejects when the api is away. */
    request: (key: string, request: SendRequest, idempotencyKey: string) =>
      fetch(`${url}/v1/sms/send`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(30_000),
      }),

    /** Closes the tenant's open period as of its end: the sandbox's test clock. */
    async closeMonth(tenantId: string) {
      const { endsAt } = await database.prisma.billingPeriod.findFirstOrThrow({
        where: { tenantId, closedAt: null },
      });
      await closePeriods(endsAt);
    },

    closePeriods,

    /** Lets Stripe bill what is due: every subscription's next invoice, with the items waiting for it. */
    renewSubscriptions() {
      for (const { id } of outside.stripe.objects.subscriptions()) outside.stripe.renewSubscription(id);
    },

    /** Ends everything in order; throws, at the end, when something did not. */
    async close() {
      const stopped = await Promise.allSettled(services.map((service) => service.stop()));
      await outside.close();
      await queue.close();
      await database.close();
      const failures = stopped.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
    },
  };
}
