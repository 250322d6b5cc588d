import { setTimeout as delay } from 'node:timers/promises';
import {
  createPostgresBackend,
  type PgPool,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../time/durations.ts';

// Same classes, same interface; only their type parameters name the backend, hence the casts below.
const postgres = withBackend(createPostgresBackend);

export type QueueBackend = 'redis' | 'postgres';
export type JobProcessor = NonNullable<ConstructorParameters<typeof Worker>[1]>;

export type QueueConnection = {
  backend: QueueBackend;
  /** The queue of that name, opened once. Throws when it is not open yet while Redis is away. */
  queue(name: string): Queue;
  worker(name: string, processor: JobProcessor, options: Omit<WorkerOptions, 'connection'>): Worker;
  /** Resolves when the server answers within two seconds; throws otherwise. */
  ping(): Promise<void>;
  /** Closes queues, then connections; workers are closed by their consumers before. */
  close(): Promise<void>;
};

export type QueueConnectionOptions = {
  /** redis://… or postgres://…: the address selects the backend. */
  url: string;
  /** Keeps systems apart that share a Redis. On PostgreSQL the database does that. */
  prefix: string;
  /** How many workers this process runs: each holds a connection of the PostgreSQL pool for itself. */
  workersMax: number;
};

const jobRetention = {
  removeOnComplete: { age: HOUR_MS / SECOND_MS, count: 1_000 },
  removeOnFail: { age: (7 * DAY_MS) / SECOND_MS, count: 5_000 },
};

/** Connects to the queue server, and on PostgreSQL brings BullMQ's tables up to date. */
export async function openQueueConnection(options: QueueConnectionOptions): Promise<QueueConnection> {
  return options.url.startsWith('redis') ? openRedis(options) : openPostgres(options);
}

async function openRedis({ url, prefix }: QueueConnectionOptions): Promise<QueueConnection> {
  // A producer must fail at once when Redis is away, because the sweeper is there; a worker must wait.
  const producing = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: 5 * SECOND_MS,
    // One that takes commands and answers none is left: the next commands then fail at once.
    socketTimeout: 2 * SECOND_MS,
    maxRetriesPerRequest: 1,
  });
  const working = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  for (const connection of [producing, working]) connection.on('error', () => undefined);
  await producing.connect();

  const queues = new Map<string, Queue>();
  return {
    backend: 'redis',
    queue: (name) =>
      openOnce(queues, name, (options) => {
        // A queue opened now would wait for Redis to come back, and its producers with it.
        if (producing.status !== 'ready') throw new Error('Redis is away');
        return new Queue(name, { ...options, connection: producing, prefix });
      }),
    worker: (name, processor, workerOptions) =>
      new Worker(name, processor, { ...workerOptions, connection: working, prefix }),
    async ping() {
      const late = delay(2 * SECOND_MS, undefined, { ref: false }).then(() => {
        throw new Error('Redis did not answer within two seconds');
      });
      await Promise.race([producing.ping(), late]);
    },
    async close() {
      await closeAll(queues);
      producing.disconnect();
      working.disconnect();
    },
  };
}

async function openPostgres({ url, workersMax }: QueueConnectionOptions): Promise<QueueConnection> {
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c search_path=bullmq',
    application_name: 'tollgate-queue',
    max: workersMax + 4,
    connectionTimeoutMillis: 5 * SECOND_MS,
    keepAlive: true,
  });
  pool.on('error', () => undefined);
  // Each queue and worker listens on the shared pool.
  pool.setMaxListeners(0);
  const connection = pool as pg.Pool & PgPool;
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }

  const queues = new Map<string, Queue>();
  let workerCount = 0;
  return {
    backend: 'postgres',
    queue: (name) =>
      openOnce(
        queues,
        name,
        (options) => new postgres.Queue(name, { ...options, connection }) as unknown as Queue,
      ),
    worker(name, processor, workerOptions) {
      workerCount += 1;
      if (workerCount > workersMax) {
        // One more would take the pool's last connections for listening, and every query would hang.
        throw new Error(`${workersMax} workers were announced, "${name}" is one more: raise workersMax`);
      }
      return new postgres.Worker(name, processor, {
        ...workerOptions,
        connection,
      }) as unknown as Worker;
    },
    async ping() {
      const query: pg.QueryConfig & { query_timeout: number } = {
        text: 'SELECT 1',
        query_timeout: 2 * SECOND_MS,
      };
      await pool.query(query);
    },
    async close() {
      await closeAll(queues);
      await pool.end();
    },
  };
}

function openOnce(
  queues: Map<string, Queue>,
  name: string,
  open: (options: Omit<QueueOptions, 'connection'>) => Queue,
): Queue {
  const existing = queues.get(name);
  if (existing) return existing;
  const queue = open({ defaultJobOptions: jobRetention });
  queue.on('error', () => undefined);
  queues.set(name, queue);
  return queue;
}

async function closeAll(queues: Map<string, Queue>): Promise<void> {
  await Promise.all([...queues.values()].map((queue) => queue.close()));
}
