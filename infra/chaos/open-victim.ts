import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import type { Application } from './system/load.ts';
import type { RunningService, ServiceName } from './system/service-process.ts';
import { type System, startSystem } from './system/start-system.ts';
import { type OwnDatabase, openOwnDatabase } from './system/system-database.ts';
import { type OwnRedis, openOwnRedis, postgresQueue, type SystemQueue } from './system/system-queue.ts';
import { billedTenant, tenantWithKey } from './system/tenants.ts';

const workers: ServiceName[] = ['sms-sender', 'usage-aggregator', 'invoicer', 'notifier'];

/** What is started: one api and two of every worker. */
export const serviceNames: readonly ServiceName[] = ['api', ...workers, ...workers];

export type OpenVictimOptions = {
  backend: QueueBackend;
  /** The Redis program; asked for only by the backend of that name. */
  redisBinary: string | null;
  /** Where everything keeps its data. */
  folder: string;
  /** Hears how services ended and came back. */
  onEvent(event: string): void;
};

export type OpenVictim = {
  system: System;
  database: OwnDatabase;
  queue: SystemQueue | OwnRedis;
  /** In the order of `serviceNames`. */
  services: RunningService[];
  applications: Application[];
};

/** A whole Tollgate of its own with four tenants: two billed through Stripe, one prepaid, one with credit for 60 SMS. */
export async function openVictim(options: OpenVictimOptions): Promise<OpenVictim> {
  const { folder, backend, redisBinary, onEvent } = options;
  const database = await openOwnDatabase(folder);
  const queue =
    backend === 'redis' && redisBinary !== null
      ? await openOwnRedis(redisBinary, folder)
      : postgresQueue(database.queueUrl);
  const system = await startSystem({ database, queue, folder, areServicesRestarted: true, onEvent });
  const services = await Promise.all(serviceNames.map((name) => system.start(name)));
  const { prisma } = database;
  const tenants = [
    await billedTenant(prisma, system.stripe.baseUrl),
    await billedTenant(prisma, system.stripe.baseUrl),
    await tenantWithKey(prisma, { balanceMicros: 50_000_000_000n }),
    await tenantWithKey(prisma, { balanceMicros: 90_000_000n }),
  ];
  const applications = tenants.map(({ tenant, key }) => ({ tenantId: tenant.id, key }));
  return { system, database, queue, services, applications };
}
