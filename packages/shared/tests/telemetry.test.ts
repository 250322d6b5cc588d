import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startTelemetry } from '../src/runtime/telemetry.ts';
import { currentTraceId, currentTraceParent, inSpan } from '../src/runtime/trace.ts';

test('with an endpoint, spans reach the collector, and a child continues its parent’s trace', async () => {
  const posted: { path: string | undefined; body: string }[] = [];
  const collector = createServer(async (request, response) => {
    posted.push({ path: request.url, body: await text(request) });
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;

  const telemetry = await startTelemetry({ serviceName: 'api', endpoint: `http://127.0.0.1:${port}` });
  const { traceId, parent } = await inSpan('request', {}, async () => ({
    traceId: currentTraceId(),
    parent: currentTraceParent(),
  }));
  await inSpan('job', { parent }, async () => expect(currentTraceId()).toBe(traceId));
  await expect(inSpan('broken', {}, () => Promise.reject(new Error('no answer')))).rejects.toThrow(
    'no answer',
  );
  await telemetry.stop();
  await new Promise((resolve) => collector.close(resolve));

  expect(posted.map(({ path }) => path)).toContain('/v1/traces');
  const body = posted.map((post) => post.body).join('');
  for (const part of ['"request"', '"job"', '"broken"', 'no answer', '"api"', String(traceId)])
    expect(body).toContain(part);
});
