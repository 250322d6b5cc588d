import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { type OperatorRole, upsertOperator } from '@tollgate/shared/operators/operators.ts';
import type { QueueDefinition } from '@tollgate/shared/queues/define-queue.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { startTelemetry } from '@tollgate/shared/runtime/telemetry.ts';
import { type ApiScope, apiScopes, createApiKey } from '@tollgate/shared/tenants/api-keys.ts';
import {
  buildTenant,
  type TenantOverrides,
  testDataKeys,
  testMasterKey,
  testNow,
} from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase, type TestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { type ManualClock, manualClock } from '@tollgate/shared/time/clock.ts';
import { type AppDeps, createApp } from '../src/app.ts';

export const callbackSecret = 'callback-secret-of-the-account';
export const twilioAuthToken = 'token-of-the-account';
export const cronSecret = 'cron-secret-of-the-installation';
export const stripeSecret = 'whsec_of_the_endpoint';

export type ApiFixture = Awaited<ReturnType<typeof startApiFixture>>;

export type ApiFixtureOptions = Partial<
  Pick<AppDeps, 'payments' | 'mode' | 'cronSecret' | 'stripeWebhookSecret' | 'twilioAuthToken' | 'rateLimit'>
>;

/** What an api stands on; whoever opened it closes it. */
export type ApiGround = { database: TestDatabase; connection: QueueConnection; clock: ManualClock };

/** The api on a real database and queue, its own or the given ones, listening on a free port. */
export async function startApiFixture(options: ApiFixtureOptions = {}, ground?: ApiGround) {
  const database = ground?.database ?? (await createTestDatabase());
  const connection = ground?.connection ?? (await openTestQueue('postgres', database, { workersMax: 0 }));
  const clock = ground?.clock ?? manualClock(testNow);
  const log = collectingLogger();
  const telemetry = await startTelemetry({ serviceName: 'api', endpoint: undefined });
  const { prisma } = database;
  const app = createApp({
    prisma,
    producer: createProducer({ connection, logger: log.logger }),
    connection,
    clock,
    logger: log.logger,
    dataKeys: testDataKeys,
    inbox: createInbox(testMasterKey),
    masterKey: testMasterKey,
    smsManagerCallbackSecret: callbackSecret,
    twilioAuthToken,
    stripeWebhookSecret: stripeSecret,
    cronSecret,
    mode: 'live',
    rateLimit: { requests: 100_000, seconds: 60 },
    ...options,
    healthChecks: { queue: connection.ping },
    publicUrl: 'http://localhost',
    trustedProxies: 0,
    secureCookies: false,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** A tenant with an API key. */
  async function tenantWithKey(
    overrides: TenantOverrides & { mode?: 'live' | 'test'; scopes?: readonly ApiScope[] } = {},
  ) {
    const { mode = 'live', scopes = apiScopes, ...tenantOverrides } = overrides;
    const tenant = await buildTenant(prisma, tenantOverrides);
    const key = await createApiKey(prisma, {
      id: newId(),
      tenantId: tenant.id,
      name: 'test',
      mode,
      scopes,
      createdAt: testNow,
    });
    return { tenant, key };
  }

  /** Sends JSON as an application would; the answer with its parsed body. */
  async function call(
    method: string,
    path: string,
    options: { key?: string; headers?: Record<string, string>; json?: unknown } = {},
  ) {
    const { key, headers = {}, json } = options;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : null,
    };
  }

  /** Creates an operator and logs in; the cookie for `/v1/admin`. */
  async function operatorCookie(role: OperatorRole): Promise<string> {
    const email = `${role}@example.com`;
    await upsertOperator(prisma, { id: newId(), email, role, password: 'correct', createdAt: testNow });
    const form = new URLSearchParams({ email, password: 'correct' });
    const answer = await fetch(`${url}/admin/login`, { method: 'POST', body: form, redirect: 'manual' });
    const cookie = answer.headers.getSetCookie().find((text) => text.includes('Path=/v1/admin'));
    return cookie?.split(';')[0] ?? '';
  }

  return {
    url,
    operatorCookie,
    database,
    prisma,
    connection,
    clock,
    log,
    /** Every route that the application has registered, such as "GET /v1/sms/messages/:id". */
    routes: listRoutes(app.router.stack),
    tenantWithKey,
    call,
    /** The payloads of the jobs that wait in a queue, oldest first. */
    async waiting<Payload>({ name }: QueueDefinition<Payload>): Promise<Payload[]> {
      const jobs = await connection.queue(name).getJobs(['waiting'], 0, -1, true);
      return jobs.map(({ data }) => data as Payload);
    },
    send: (key: string, json: unknown, idempotencyKey?: string) =>
      call('POST', '/v1/sms/send', {
        key,
        json,
        headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await telemetry.stop();
      if (ground) return;
      await connection.close();
      await database.close();
    },
  };
}

/** Express names its layers so; Bull Board's own router is mounted whole and left out. */
type Layer = {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
};

function listRoutes(layers: readonly object[]): string[] {
  return (layers as Layer[]).flatMap(({ route, handle }) => {
    if (!route) return listRoutes(handle.stack ?? []);
    return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`);
  });
}
