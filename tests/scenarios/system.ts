import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newId } from '@tollgate/shared/ids/ids.ts';
import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import { apiScopes, createApiKey } from '@tollgate/shared/tenants/api-keys.ts';
import { buildTenant, type TenantOverrides, testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { startSmsManagerSimulator } from '@tollgate/simulators/sms-manager/start-sms-manager-simulator.ts';
import { startSmtpCatcher } from '@tollgate/simulators/smtp/start-smtp-catcher.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import { Redis } from 'ioredis';
import type Stripe from 'stripe';
import { findFreePort } from '../../infra/local/free-port.ts';
import { findRedisServer, startRedis } from '../../infra/local/redis.ts';
import { createStripe } from '../../services/invoicer/src/stripe-client.ts';

const repositoryRoot = join(import.meta.dirname, '../..');
const callbackSecret = 'callback-secret-of-the-account';
const apiKeyOfProvider = 'sim-key';
const stripeKey = 'sk_test_scenarios';
const stripeWebhookSecret = 'whsec_scenarios';
const cronSecret = 'cron-secret-of-the-scenarios';

export type ServiceName = 'api' | 'sms-sender' | 'usage-aggregator' | 'invoicer' | 'notifier';

export type RunningService = {
  name: ServiceName;
  ended: Promise<unknown>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it in order; throws when it does not end with 0. */
  stop(): Promise<void>;
};

export type System = Awaited<ReturnType<typeof startSystem>>;

/** The services as processes of their own, on their own queue server, against the simulator. */
export async function startSystem(backend: QueueBackend) {
  const database = await createTestDatabase();
  const queue = backend === 'redis' ? await ownRedis() : postgresQueue(database.ownerUrl);
  const simulator = await startSmsManagerSimulator({
    apiKey: apiKeyOfProvider,
    callbackSecret,
    now: systemClock.now,
    reportDelaysMs: { sent: 10, delivered: 30 },
  });
  const apiPort = await findFreePort();
  const url = `http://127.0.0.1:${apiPort}`;
  const stripe = await startStripeSimulator({
    secretKey: stripeKey,
    webhookSecret: stripeWebhookSecret,
    webhookUrl: `${url}/v1/webhooks/stripe`,
    now: systemClock.now,
    webhookDelayMs: 10,
    retryScale: 0.01,
  });
  const mail = await startSmtpCatcher({ now: systemClock.now });
  const running = new Set<RunningService>();
  const environment = {
    TOLLGATE_MODE: 'sandbox',
    DATABASE_URL: database.url,
    QUEUE_URL: queue.url,
    MASTER_KEY: testMasterKey.toString('base64'),
    PUBLIC_URL: url,
    PORT: String(apiPort),
    SMS_MANAGER_API_KEY: apiKeyOfProvider,
    SMS_MANAGER_BASE_URL: simulator.baseUrl,
    SMS_MANAGER_REST_URL: simulator.restUrl,
    SMS_MANAGER_CALLBACK_SECRET: callbackSecret,
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_API_BASE: stripe.baseUrl,
    STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
    SMTP_URL: mail.url,
    MAIL_FROM: 'Tollgate <billing@tollgate.example>',
    CRON_SECRET: cronSecret,
  };

  async function start(name: ServiceName): Promise<RunningService> {
    const service = await startService(name, environment);
    running.add(service);
    void service.ended.then(() => running.delete(service));
    return service;
  }

  return {
    database,
    prisma: database.prisma,
    simulator,
    stripe,
    mail,
    url,
    start,
    emptyQueue: queue.empty,
    killAll: (name: ServiceName) =>
      Promise.all([...running].filter((service) => service.name === name).map((service) => service.kill())),

    /** A tenant whose clock is the machine's, with an API key. */
    async tenantWithKey(overrides: TenantOverrides = {}) {
      const createdAt = systemClock.now();
      const tenant = await buildTenant(database.prisma, { createdAt, ...overrides });
      const key = await createApiKey(database.prisma, {
        id: newId(),
        tenantId: tenant.id,
        name: 'test',
        mode: 'live',
        scopes: apiScopes,
        createdAt,
      });
      return { tenant, key };
    },

    /** A postpaid tenant whose usage goes on the next invoice of its subscription at Stripe. */
    async billedTenant() {
      const client = createStripe({ secretKey: stripeKey, apiBase: stripe.baseUrl });
      const { customer, subscription } = await subscribe(client);
      return this.tenantWithKey({
        paymentTerms: 'postpaid',
        balanceMicros: 0n,
        creditLimitMicros: 1_000_000_000n,
        billing: {
          collection: 'subscription_item',
          email: 'billing@bookshop.example',
          stripeCustomerId: customer,
          stripeSubscriptionId: subscription,
        },
      });
    },

    /** Lets Stripe bill what is due: every subscription's next invoice, with the items waiting for it. */
    renewSubscriptions() {
      for (const { id } of stripe.objects.subscriptions()) stripe.renewSubscription(id);
    },

    /** Closes the tenant's open period as of its end: the sandbox's test clock. */
    async closeMonth(tenantId: string) {
      const { endsAt } = await database.prisma.billingPeriod.findFirstOrThrow({
        where: { tenantId, closedAt: null },
      });
      const response = await fetch(
        `${url}/v1/internal/jobs/billing?type=monthly&asOf=${endsAt.toISOString()}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${cronSecret}` },
        },
      );
      if (response.status !== 202) throw new Error(await response.text());
    },

    /** One request to send; rejects when the api is away. */
    send: (key: string, body: string, idempotencyKey: string) =>
      fetch(`${url}/v1/sms/send`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body: JSON.stringify({ to: '+420777123456', body }),
      }),

    /**
     * Lets time pass for what is waiting: rows become due at once, and attempts that a process took to
     * its grave before `deathAt` become older than the provider's listing may lag behind.
     */
    async letTimePass(deathAt: Date) {
      // In id order and around what is locked, as the services do, so that time and services never deadlock.
      await database.prisma.$executeRaw`
        UPDATE messages SET wake_at = now(), not_before = least(not_before, now())
        WHERE id IN (SELECT id FROM messages WHERE wake_at > now() ORDER BY id FOR UPDATE SKIP LOCKED)`;
      await database.prisma.$executeRaw`UPDATE inbox_events SET wake_at = now() WHERE wake_at > now()`;
      await database.prisma.$executeRaw`UPDATE invoices SET wake_at = now() WHERE wake_at > now()`;
      await database.prisma.$executeRaw`UPDATE notifications SET wake_at = now() WHERE wake_at > now()`;
      await database.prisma.$executeRaw`
        UPDATE message_attempts SET opened_at = opened_at - interval '11 minutes'
        WHERE closed_at IS NULL AND opened_at < ${deathAt} AND opened_at > ${deathAt}::timestamptz - interval '10 minutes'`;
    },

    async close() {
      await Promise.all([...running].map((service) => service.stop()));
      await Promise.all([simulator.close(), stripe.close(), mail.close()]);
      await queue.close();
      await database.close();
    },
  };
}

async function startService(name: ServiceName, env: Record<string, string>): Promise<RunningService> {
  const child = spawn(process.execPath, [join(repositoryRoot, `services/${name}/src/main.ts`)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  await untilReady(name, child);
  return {
    name,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      if (code !== 0) throw new Error(`${name} ended with ${code}`);
    },
  };
}

async function untilReady(name: ServiceName, child: ChildProcess): Promise<void> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new TypeError('the service was started without pipes');
  const written: string[] = [];
  stderr.on('data', (data: Buffer) => written.push(data.toString()));
  const lines = createInterface({ input: stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      written.push(`${line}\n`);
      if (line.includes('"msg":"ready"')) resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`${name} ended with ${code} while starting:\n${written.join('')}`)),
    );
  });
}

/** A Redis that only this system uses, so that emptying it disturbs nobody. */
async function ownRedis() {
  const dataRoot = realpathSync(mkdtempSync(join(tmpdir(), 'tollgate-scenario-')));
  // biome-ignore lint/style/noProcessEnv: the machine's PATH tells whether it has Redis.
  const binary = findRedisServer(process.env.PATH);
  if (binary === null) throw new Error('this machine has no redis-server');
  const redis = await startRedis({ binary, dataRoot, log: () => undefined });
  const client = new Redis(redis.url);
  return {
    url: redis.url,
    empty: async () => void (await client.flushall()),
    async close() {
      client.disconnect();
      await redis.stop();
      rmSync(dataRoot, { recursive: true, force: true });
    },
  };
}

/** The PostgreSQL queue in the system's own database. */
function postgresQueue(url: string) {
  return {
    url,
    async empty() {
      const { default: pg } = await import('pg');
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('DELETE FROM bullmq.job');
      await client.end();
    },
    close: async () => undefined,
  };
}

/** A customer at Stripe with an active monthly subscription. */
async function subscribe(stripe: Stripe): Promise<{ customer: string; subscription: string }> {
  const customer = await stripe.customers.create({ name: 'Bookshop' });
  const product = await stripe.products.create({ name: 'Plan pro' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'czk',
    unit_amount: 49_000,
    recurring: { interval: 'month' },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { customer: customer.id, subscription: subscription.id };
}
