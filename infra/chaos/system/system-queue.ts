import { rmSync } from 'node:fs';
import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startRedis } from '../../local/redis.ts';
import { findLastingPort } from './find-lasting-port.ts';

const LIMIT_MS = 10_000;

/** The queue server of a system. */
export type SystemQueue = {
  backend: QueueBackend;
  url: string;
  /** Deletes every job and schedule, as FLUSHALL does. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

export type OwnRedis = SystemQueue & {
  /** Ends the server: in order, or as a crash. */
  stopServer(how: 'in order' | 'crash'): Promise<void>;
  /** Starts it again on the same port, with what its append-only file has kept or without. */
  startServer(options: { keepsData: boolean }): Promise<void>;
};

/** A Redis that only this system uses, configured as infra/redis.conf says, below `dataRoot`. */
export async function openOwnRedis(binary: string, dataRoot: string): Promise<OwnRedis> {
  const options = { binary, dataRoot, log: () => undefined };
  let server = await startRedis({ ...options, findPort: findLastingPort });
  const { url, port } = server;
  return {
    backend: 'redis',
    url,
    async empty() {
      const client = new Redis(url, {
        lazyConnect: true,
        connectTimeout: LIMIT_MS,
        commandTimeout: LIMIT_MS,
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.flushall();
      } finally {
        client.disconnect();
      }
    },
    stopServer: (how) => (how === 'crash' ? server.kill() : server.stop()),
    async startServer({ keepsData }) {
      if (!keepsData) rmSync(server.dataFolder, { recursive: true });
      server = await startRedis({ ...options, findPort: async () => port });
      if (server.port !== port) throw new Error(`Redis came back on ${server.port}, not on ${port}`);
    },
    close: () => server.stop(),
  };
}

export type PostgresQueue = SystemQueue & {
  /** Lets the minute pass for which a job stays locked whose worker lost the server in the middle of its work. */
  endLocks(): Promise<void>;
};

/** The queue in PostgreSQL, at an address whose role owns BullMQ's tables. */
export function postgresQueue(url: string): PostgresQueue {
  return {
    backend: 'postgres',
    url,
    empty: () => run(url, ['DELETE FROM bullmq.job', 'DELETE FROM bullmq.scheduler']),
    endLocks: () =>
      run(url, [
        `UPDATE bullmq.job SET stalled_marked = true, locked_until_ms = 0 WHERE state = 'active'`,
        `DELETE FROM bullmq.meta WHERE field = 'stalled-check'`,
      ]),
    close: async () => undefined,
  };
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: LIMIT_MS,
    query_timeout: LIMIT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
