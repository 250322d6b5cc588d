import { inject } from 'vitest';

/** The servers of this test run, started before the first test file. */
export type TestServers = {
  /** The superuser's address of the maintenance database. */
  serverUrl: string;
  /** A migrated database to clone. */
  template: string;
  /** The password of tollgate_app, which may log in here. */
  appPassword: string;
  /** Null where the machine has no redis-server. */
  redisUrl: string | null;
};

declare module 'vitest' {
  interface ProvidedContext {
    testServers: TestServers;
  }
}

/** The servers of this run. Throws in a project that has none, such as the unit tests. */
export function testServers(): TestServers {
  const servers = inject('testServers') as TestServers | undefined;
  if (servers === undefined)
    throw new Error('no test servers here: tests with PostgreSQL stand in a tests/ folder');
  return servers;
}
