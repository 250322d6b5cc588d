import { parseArgs } from 'node:util';
import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';

export type ChaosArguments =
  | { kind: 'run'; seed: number | null; minutes: number; backend: QueueBackend | null }
  | { kind: 'help' }
  | { kind: 'mistake'; message: string };

const MINUTES_MAX = 24 * 60;
const SEED_MAX = 2 ** 32 - 1;

/** What the words after `npm run chaos --` ask for; a mistake names the option. */
export function parseChaosArguments(words: string[]): ChaosArguments {
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        seed: { type: 'string' },
        minutes: { type: 'string', default: '3' },
        backend: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const { seed, minutes, backend } = values;
    if (seed !== undefined && !(/^\d+$/.test(seed) && Number(seed) <= SEED_MAX)) {
      return mistake(`--seed must be a whole number from 0 to ${SEED_MAX}, not "${seed}"`);
    }
    const length = Number(minutes);
    if (minutes === '' || !(length > 0 && length <= MINUTES_MAX)) {
      return mistake(`--minutes must be a number above 0, at most ${MINUTES_MAX}, not "${minutes}"`);
    }
    if (backend !== undefined && backend !== 'redis' && backend !== 'postgres') {
      return mistake(`--backend must be redis or postgres, not "${backend}"`);
    }
    return {
      kind: 'run',
      seed: seed === undefined ? null : Number(seed),
      minutes: length,
      backend: backend ?? null,
    };
  } catch (error) {
    // Only the first sentence: the rest explains how to pass words that begin with a dash.
    const [message = ''] = error instanceof Error ? error.message.split('. ') : [];
    return mistake(message);
  }
}

const mistake = (message: string) => ({ kind: 'mistake', message }) as const;

export const chaosHelp = `Usage: npm run chaos [-- <options>]

Starts a Tollgate of its own on free ports (two of every worker, its own PostgreSQL and Redis, simulated
provider, Stripe and mail), keeps sending, and meanwhile kills, restarts, empties, slows and cuts whatever it
can. Then it lets everything come to rest, closes the month and proves the books. It touches nothing that it
did not start. Exit code 0 only if nothing was lost, doubled or miscounted.

  --seed <n>            decides what goes wrong and when; printed, and chosen by chance when left out
  --minutes <m>         how long things go wrong, 3 by default; from 3 on the provider is away for two of them
  --backend <backend>   redis or postgres; redis by default where a redis-server is on PATH
  --help                show this`;
