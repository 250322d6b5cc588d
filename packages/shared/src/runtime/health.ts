import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECOND_MS } from '../time/durations.ts';

export type HealthChecks = Record<string, () => Promise<void>>;
export type HealthReport = { status: 'ok' | 'failing'; checks: Record<string, string> };

/** Runs every check with a limit of three seconds; a check fails by throwing. */
export async function checkHealth(checks: HealthChecks): Promise<HealthReport> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withTimeout(check(), 3 * SECOND_MS);
        return [name, 'ok'] as const;
      } catch (error) {
        return [name, error instanceof Error ? error.message : String(error)] as const;
      }
    }),
  );
  const failing = results.some(([, result]) => result !== 'ok');
  return { status: failing ? 'failing' : 'ok', checks: Object.fromEntries(results) };
}

/**
 * `/health/live` answers while the event loop runs; `/health/ready` answers 503 while a dependency
 * is away. For services without an API of their own.
 */
export async function startHealthServer(options: { port: number; host: string; checks: HealthChecks }) {
  const server = createServer(async (request, response) => {
    const live = request.url === '/health/live';
    const report = live ? await checkHealth({}) : await checkHealth(options.checks);
    response.writeHead(report.status === 'ok' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(report));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
