import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
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
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { manualClock } from '@tollgate/shared/time/clock.ts';
import { createApp } from '../src/app.ts';

export const callbackSecret = 'callback-secret-of-the-account';

export type ApiFixture = Awaited<ReturnType<typeof startApiFixture>>;

/** The api on a real database and queue, listening on a free port. */
export async function startApiFixture() {
  const database = await createTestDatabase();
  const connection = await openTestQueue('postgres', database, { workersMax: 0 });
  const clock = manualClock(testNow);
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
    healthChecks: { queue: connection.ping },
    publicUrl: 'http://localhost',
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
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : null,
    };
  }

  return {
    url,
    database,
    prisma,
    connection,
    clock,
    log,
    tenantWithKey,
    call,
    send: (key: string, json: unknown, idempotencyKey?: string) =>
      call('POST', '/v1/sms/send', {
        key,
        json,
        headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await connection.close();
      await database.close();
      await telemetry.stop();
    },
  };
}
