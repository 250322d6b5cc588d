import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { findFreePort } from './free-port.ts';
import { pingRedis } from './ping-redis.ts';
import { isAlive, waitForExit } from './processes.ts';
import { findRedisServer, type LocalRedis, type StartRedisOptions, startRedis } from './redis.ts';
import { killWithLifeline, startInChild } from './testing/start-in-child.ts';
import { temporaryRoot } from './testing/temporary-root.ts';

const LIMIT_MS = 30_000;

// biome-ignore lint/style/noProcessEnv: whether this machine has a server is what the tests ask
const binary = findRedisServer(process.env.PATH);

describe('finding a Redis server', () => {
  test('an empty or missing PATH has none', () => {
    expect(findRedisServer('')).toBeNull();
    expect(findRedisServer(undefined)).toBeNull();
  });

  test('redis-server is preferred to valkey-server, wherever they are', () => {
    using root = temporaryRoot();
    const valkey = writeProgram(root.path, 'first', 'valkey-server');
    const redis = writeProgram(root.path, 'second', 'redis-server');
    const first = join(root.path, 'first');
    expect(findRedisServer(first)).toBe(valkey);
    expect(findRedisServer([first, join(root.path, 'second')].join(delimiter))).toBe(redis);
  });

  test('a file that cannot be run is no server, nor is a folder of that name', () => {
    using root = temporaryRoot();
    chmodSync(writeProgram(root.path, 'plain', 'redis-server'), 0o644);
    mkdirSync(join(root.path, 'folder', 'redis-server'), { recursive: true });
    expect(findRedisServer([join(root.path, 'plain'), join(root.path, 'folder')].join(delimiter))).toBeNull();
  });
});

if (binary === null) {
  test('no redis-server on PATH: Redis runs are left out', () => {
    expect(binary).toBeNull();
  });
} else {
  describe('the private Redis', { timeout: 60_000 }, () => {
    test('it keeps jobs on disk, evicts none and listens on 127.0.0.1 only', async () => {
      using root = temporaryRoot();
      await withRedis({ dataRoot: root.dataRoot }, async (server) => {
        const settings = await ask(server.url, (client) =>
          client.config('GET', 'appendonly', 'appendfsync', 'maxmemory-policy', 'bind', 'dir'),
        );
        expect(toObject(settings)).toEqual({
          appendonly: 'yes',
          appendfsync: 'everysec',
          'maxmemory-policy': 'noeviction',
          bind: '127.0.0.1',
          dir: server.dataFolder,
        });
      });
    });

    test('a second start finds the data of the first, whatever the folder is called', async () => {
      using root = temporaryRoot();
      const dataRoot = join(root.path, 'a "quoted" \\ folder');
      await withRedis({ dataRoot }, (server) => ask(server.url, (client) => client.set('mark', 'kept')));
      await withRedis({ dataRoot }, async (server) => {
        expect(await ask(server.url, (client) => client.get('mark'))).toBe('kept');
      });
    });

    test('with a password it answers to the password only', async () => {
      using root = temporaryRoot();
      await withRedis({ dataRoot: root.dataRoot, password: 'p "q" \\ @' }, async (server) => {
        expect(await ask(server.url, (client) => client.ping())).toBe('PONG');
        const { port, pid } = server;
        expect(await pingRedis({ port, pid, password: undefined })).toBe(false);
        expect(await pingRedis({ port, pid, password: 'wrong' })).toBe(false);
      });
    });

    test('stopping twice is harmless and leaves no process', async () => {
      using root = temporaryRoot();
      const server = await start({ dataRoot: root.dataRoot });
      await Promise.all([server.stop(), server.stop()]);
      expect(await server.exited).toBe('exit code 0');
      expect(await waitForExit(server.lifelinePid, LIMIT_MS)).toBe(true);
      expect(isAlive(server.pid)).toBe(false);
    });

    test('a killed server can be started again', async () => {
      using root = temporaryRoot();
      const server = await start({ dataRoot: root.dataRoot });
      await server.kill();
      expect(await server.exited).toBe('signal SIGKILL');
      await withRedis({ dataRoot: root.dataRoot }, async (next) => {
        expect(await ask(next.url, (client) => client.ping())).toBe('PONG');
      });
    });

    test('a port where another Redis answers is given up for a free one', async () => {
      using first = temporaryRoot();
      using second = temporaryRoot();
      await withRedis({ dataRoot: first.dataRoot }, async (other) => {
        const ports = [other.port, await findFreePort()];
        const findPort = async () => ports.shift() ?? 0;
        await withRedis({ dataRoot: second.dataRoot, findPort }, async (server) => {
          expect(server.port).not.toBe(other.port);
          expect(await ask(other.url, (client) => client.ping())).toBe('PONG');
        });
      });
    });

    test('a failed start names the step and shows the last lines of the log', async () => {
      using root = temporaryRoot();
      mkdirSync(join(root.dataRoot, 'redis', 'appendonlydir'), { recursive: true });
      writeFileSync(join(root.dataRoot, 'redis', 'appendonlydir', 'appendonly.aof.manifest'), 'nonsense\n');
      await expect(start({ dataRoot: root.dataRoot })).rejects.toThrow(
        /^Starting Redis in .* failed: .* ended with exit code 1\. [\s\S]*manifest/,
      );
    });

    test('a folder in use by a running process is refused, and its server goes on', async () => {
      using root = temporaryRoot();
      await withRedis({ dataRoot: root.dataRoot }, async (server) => {
        await expect(start({ dataRoot: root.dataRoot })).rejects.toThrow(/already uses the Redis/);
        expect(await ask(server.url, (client) => client.ping())).toBe('PONG');
      });
    });

    test('after a kill -9 of the starter the server stops by itself', async () => {
      using root = temporaryRoot();
      const starter = await startInChild({ kind: 'redis', dataRoot: root.dataRoot, binary });
      starter.process.kill('SIGKILL');
      expect(await waitForExit(starter.pid, LIMIT_MS)).toBe(true);
      expect(await waitForExit(starter.lifelinePid, LIMIT_MS)).toBe(true);
    });

    test('an orphan is stopped by the next start, which finds its data', async () => {
      using root = temporaryRoot();
      const starter = await startInChild({ kind: 'redis', dataRoot: root.dataRoot, binary });
      await ask(starter.url, (client) => client.set('mark', 'kept'));
      await killWithLifeline(starter);
      expect(isAlive(starter.pid)).toBe(true);
      await withRedis({ dataRoot: root.dataRoot }, async (server) => {
        expect(isAlive(starter.pid)).toBe(false);
        expect(await ask(server.url, (client) => client.get('mark'))).toBe('kept');
      });
    });

    test('a stale redis.pid that names another Redis by now does that one no harm', async () => {
      using first = temporaryRoot();
      using second = temporaryRoot();
      await withRedis({ dataRoot: first.dataRoot }, async (other) => {
        mkdirSync(join(second.dataRoot, 'redis'), { recursive: true });
        writeFileSync(join(second.dataRoot, 'redis', 'redis.pid'), `${other.pid}\n`);
        await withRedis({ dataRoot: second.dataRoot }, async () => {
          expect(await ask(other.url, (client) => client.ping())).toBe('PONG');
        });
      });
    });

    test('Ctrl-C reaches only the starter, which stops the server in order', async () => {
      using root = temporaryRoot();
      const starter = await startInChild({ kind: 'redis', dataRoot: root.dataRoot, binary });
      // What a terminal does: the signal goes to every process of the foreground group.
      process.kill(-Number(starter.process.pid), 'SIGINT');
      await starter.exited;
      expect(starter.lines.slice(1)).toEqual(['the server still runs', 'stopped']);
    });
  });
}

function start(options: Partial<StartRedisOptions> & { dataRoot: string }): Promise<LocalRedis> {
  return startRedis({ binary: binary ?? '', log: () => {}, ...options });
}

async function withRedis(
  options: Partial<StartRedisOptions> & { dataRoot: string },
  use: (server: LocalRedis) => Promise<unknown>,
): Promise<void> {
  const server = await start(options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

async function ask<Answer>(url: string, use: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: LIMIT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

// Redis answers a flat list of names and values; newer clients may give a map.
function toObject(answer: unknown): Record<string, unknown> {
  if (!Array.isArray(answer)) return answer as Record<string, unknown>;
  return Object.fromEntries(
    answer.flatMap((name, index) => (index % 2 === 0 ? [[name, answer[index + 1]]] : [])),
  );
}

function writeProgram(root: string, folder: string, name: string): string {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), '#!/bin/sh\n', { mode: 0o755 });
  return join(root, folder, name);
}
