import { join } from 'node:path';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../infra/local/postgres.ts';
import { loadOrCreateSecrets } from '../../infra/local/secrets.ts';
import { type TemporaryRoot, temporaryRoot } from '../../infra/local/testing/temporary-root.ts';
import { findDiscrepancies } from './books.ts';
import { findLeftovers, type LocalStart, readAccess, startLocally } from './local-start.ts';

// biome-ignore lint/style/noProcessEnv: whether this machine has a Redis decides which queue the start chooses
const path = process.env.PATH ?? '';

const CHARGED = '2 messages delivered, 1.50 CZK and 0.06 EUR charged';
const ACCEPTED = /accepted\s+(msg_\w+)/;

let root: TemporaryRoot | undefined;
const starts: LocalStart[] = [];

afterEach(async () => {
  for (const start of starts.splice(0)) {
    start.process.kill('SIGINT');
    await start.exited;
  }
  root?.[Symbol.dispose]();
}, 60_000);

describe.each([
  ['with what PATH offers', path],
  ['without a Redis on PATH', ''],
])('npm start %s', { timeout: 300_000 }, (_name, pathOfStart) => {
  test('--once delivers, charges exactly and leaves nothing running; a second start goes on from there', async () => {
    const { dataRoot, start } = prepare(pathOfStart);
    const first = start(['--once']);
    expect(await first.exited, first.lines.join('\n')).toBe(0);
    expect(first.lines.join('\n')).toContain(CHARGED);
    expect(first.lines.join('\n')).toMatch(/100\.00 → 98\.50 CZK[\s\S]*50\.00 → 49\.94 EUR/);
    expect(findLeftovers(dataRoot)).toEqual([]);

    const second = start(['--once']);
    expect(await second.exited, second.lines.join('\n')).toBe(0);
    expect(second.lines.join('\n')).toMatch(/98\.50 → 97\.00 CZK[\s\S]*49\.94 → 49\.88 EUR/);
    expect(second.lines.join('\n')).not.toContain('shown this once');
    expect(findLeftovers(dataRoot)).toEqual([]);
  });

  test('after a kill -9 in full flow the next start delivers what was accepted and charges it once', async () => {
    const { dataRoot, start } = prepare(pathOfStart);
    const first = start([]);
    await first.line(ACCEPTED);
    first.process.kill('SIGKILL');
    await first.exited;
    const accepted = first.lines.flatMap((line) => ACCEPTED.exec(line)?.[1] ?? []);

    const second = start([]);
    await second.line(/Ctrl-C stops everything/);
    expect(second.lines.join('\n')).toContain(CHARGED);
    for (const id of accepted) await untilDelivered(dataRoot, id);
    second.process.kill('SIGINT');
    expect(await second.exited).toBe(0);
    expect(second.lines.at(-1)).toBe('stopped');
    expect(findLeftovers(dataRoot)).toEqual([]);
    expect(await readBooks(dataRoot)).toEqual({ discrepancies: [], undelivered: 0, chargedTwice: [] });
  });
});

function prepare(pathOfStart: string) {
  root = temporaryRoot();
  const { path: folder, dataRoot } = root;
  const start = (words: string[]) => {
    const started = startLocally(folder, pathOfStart, words);
    starts.push(started);
    return started;
  };
  return { dataRoot, start };
}

// A message whose sender was killed is looked up at the provider when its lease has run out.
async function untilDelivered(dataRoot: string, id: string): Promise<void> {
  const { url, keys } = readAccess(dataRoot);
  await until(
    `${id} is delivered`,
    async () => {
      const answers = await Promise.all(
        keys.map(async (key) => {
          const headers = { authorization: `Bearer ${key}` };
          const response = await fetch(`${url}/v1/sms/messages/${id}`, { headers });
          return (await response.json()) as { state?: string };
        }),
      );
      return answers.some(({ state }) => state === 'delivered');
    },
    { withinMs: 180_000 },
  );
}

async function readBooks(dataRoot: string) {
  const { secrets } = loadOrCreateSecrets(join(dataRoot, 'secrets.json'));
  const server = await startPostgres({ dataRoot, password: secrets.postgresPassword, log: () => {} });
  const database = openDatabase({ url: server.url('tollgate'), applicationName: 'test' });
  try {
    const charges = await database.prisma.ledgerEntry.groupBy({
      by: ['messageId'],
      where: { kind: 'sms_send' },
      _count: true,
    });
    return {
      discrepancies: await findDiscrepancies(database.prisma),
      undelivered: await database.prisma.message.count({ where: { state: { not: 'delivered' } } }),
      chargedTwice: charges.filter(({ _count }) => _count > 1).map(({ messageId }) => messageId),
    };
  } finally {
    await database.close();
    await server.stop();
  }
}
