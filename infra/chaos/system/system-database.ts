import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { prepareDatabase, prepareQueueDatabase } from '../../local/databases.ts';
import { startPostgres } from '../../local/postgres.ts';
import { findLastingPort } from './find-lasting-port.ts';

/** The database of a system, whoever started its server. */
export type SystemDatabase = {
  prisma: PrismaClient;
  /** As tollgate_app, like the services. */
  url: string;
  /** A role that may make and empty BullMQ's tables, where the queue is in PostgreSQL. */
  queueUrl: string;
  close(): Promise<void>;
};

/** How a server goes down: `fast` rolls back what runs and writes everything down, `immediate` is a crash. */
export type ShutdownMode = 'fast' | 'immediate';

export type OwnDatabase = SystemDatabase & {
  /** Ends the server in the given way. */
  stopServer(mode: ShutdownMode): Promise<void>;
  /** Starts it again on the same port, after its recovery if it needs one. */
  startServer(): Promise<void>;
};

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

// A server that crashes loses nothing by this: only a power cut would, and nobody cuts the power.
const withoutPowerCuts = { fsync: 'off', full_page_writes: 'off' };

/** A cluster that only this system uses, migrated and empty, below `dataRoot`. */
export async function openOwnDatabase(
  dataRoot: string,
  settings: Record<string, string> = withoutPowerCuts,
): Promise<OwnDatabase> {
  const password = randomBytes(12).toString('hex');
  const options = { dataRoot, password, settings, log: () => undefined };
  let server = await startPostgres({ ...options, findPort: findLastingPort });
  const { port } = server;
  const { url } = await prepareDatabase(server, randomBytes(12).toString('hex'));
  const queueUrl = await prepareQueueDatabase(server, randomBytes(12).toString('hex'));
  const database = openDatabase({ url, applicationName: 'tollgate-chaos' });
  return {
    prisma: database.prisma,
    url,
    queueUrl,
    async stopServer(mode) {
      process.kill(server.pid, SIGNALS[mode]);
      await server.exited;
    },
    async startServer() {
      server = await startPostgres({ ...options, findPort: async () => port });
      if (server.port !== port) throw new Error(`PostgreSQL came back on ${server.port}, not on ${port}`);
    },
    async close() {
      await database.close();
      await server.stop();
    },
  };
}
