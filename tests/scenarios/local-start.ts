import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createStripe } from '@tollgate/invoicer/src/stripe-client.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import type Stripe from 'stripe';
import { dataFolders } from '../../infra/local/postgres-home.ts';
import { findProgramsIn } from '../../infra/local/processes.ts';
import { loadOrCreateSecrets } from '../../infra/local/secrets.ts';

const program = join(import.meta.dirname, '../../infra/local/main.ts');

export type LocalStart = {
  process: ChildProcess;
  /** What it has printed so far. */
  lines: string[];
  /** Resolves with the exit code, or null after a signal. */
  exited: Promise<number | null>;
  /** The line that fits the pattern, as soon as there is one. Throws with all lines when it does not come. */
  line(pattern: RegExp, options?: { withinMs?: number }): Promise<string>;
};

/** Runs what `npm start` runs, with data and environment of its own. */
export function startLocally(root: string, path: string, words: string[]): LocalStart {
  const child = spawn(process.execPath, [program, '--data', root, ...words], {
    env: path === '' ? {} : { PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => lines.push(line));
  const { promise: exited, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  return {
    process: child,
    lines,
    exited,
    async line(pattern, { withinMs = 60_000 } = {}) {
      const find = () => lines.find((line) => pattern.test(line));
      return until(`${pattern} is printed`, find, { withinMs }).catch((cause: unknown) => {
        throw new Error(`${pattern} was not printed:\n${lines.join('\n')}`, { cause });
      });
    },
  };
}

/** What still runs or claims to run in the data folder; empty after an orderly end. */
export function findLeftovers(dataRoot: string): string[] {
  const { inside, outside } = dataFolders(dataRoot);
  const places = [join(dataRoot, 'services'), join(dataRoot, 'redis'), inside, outside].filter(existsSync);
  const pidFiles = places.flatMap((place) => readdirSync(place).filter((name) => name.endsWith('.pid')));
  const pids = places.flatMap((place) =>
    findProgramsIn(/(^|\/)(node|postgres|redis-server|valkey-server)(:|\s|$)/, place),
  );
  return [...pidFiles, ...pids.map(String)];
}

/** What the running API answers to a GET, asked with each of the demo keys. */
export function askApi<Answer>(dataRoot: string, path: string): Promise<Answer[]> {
  const read = (name: string) => JSON.parse(readFileSync(join(dataRoot, name), 'utf8'));
  const { url } = read('running.json');
  const keys: string[] = Object.values(read('demo.json').apiKeys);
  return Promise.all(
    keys.map(async (key) => {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
      return (await response.json()) as Answer;
    }),
  );
}

/** The Stripe of a start that runs, at the address it has printed. */
export function openStripe(dataRoot: string, { lines }: LocalStart): Stripe {
  const { stripeSecretKey: secretKey } = loadOrCreateSecrets(join(dataRoot, 'secrets.json')).secrets;
  const apiBase = lines.map((line) => /Stripe +(http:\S+)\//.exec(line)?.[1]).find(Boolean);
  if (apiBase === undefined) throw new Error(`no address of Stripe in\n${lines.join('\n')}`);
  return createStripe({ secretKey, apiBase });
}
