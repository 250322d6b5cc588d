import { setTimeout as delay } from 'node:timers/promises';
import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import { closeMonth } from './close-month.ts';
import { comeToRest } from './come-to-rest.ts';
import type { PlannedFault } from './faults/fault.ts';
import { type OpenVictim, openVictim, serviceNames } from './open-victim.ts';
import { planChaos } from './plan.ts';
import { createRandom, type Random } from './random.ts';
import { readVerdict } from './read-verdict.ts';
import { type Load, startLoad } from './system/load.ts';
import { readProgress } from './system/read-messages.ts';
import { together } from './together.ts';
import { unleash } from './unleash.ts';
import { verdictTable } from './verdict-table.ts';

const PROGRESS_MS = 10_000;
const REQUESTS_PER_SECOND = 10;
const CODE_VALIDITY_MS = 60_000;
/** When in the run the month is closed and Stripe collects, so that both happen in the middle of it all. */
const BILLED_AT = [0.3, 0.7];
const COLLECTED_AFTER_MS = 10_000;

export type ChaosOptions = {
  seed: number;
  lengthMs: number;
  backend: QueueBackend;
  redisBinary: string | null;
  /** A folder of its own for all data. */
  folder: string;
  print(line: string): void;
  signal: AbortSignal;
};

/** Runs the whole of it and prints what happens; true when everything was as it should be. Throws when aborted. */
export async function runChaos(options: ChaosOptions): Promise<boolean> {
  const { seed, lengthMs, backend, print, signal } = options;
  const startMs = performance.now();
  const say = (line: string) => print(`${stamp(performance.now() - startMs)}  ${line}`);
  let crashCount = 0;
  const onEvent = (event: string) => {
    if (event.includes('unexpectedly') && !event.includes('SIGKILL')) crashCount += 1;
    say(event);
  };
  say(
    `seed ${seed}, ${lengthMs / 60_000} min, queue in ${backend}; starting ${serviceNames.length} services`,
  );
  const victim = await openVictim({ ...options, onEvent });
  const closing = { isClosed: false };
  try {
    const random = createRandom(seed);
    const lanes = planChaos(random, { lengthMs, backend, serviceCount: serviceNames.length });
    const faults = new Map<string, number>();
    const load = await wreakHavoc(victim, { ...options, say, random }, (run) =>
      unleash(
        {
          victim,
          signal: run,
          onFault(planned) {
            faults.set(planned.fault.kind, (faults.get(planned.fault.kind) ?? 0) + 1);
            say(describeFault(planned));
          },
        },
        lanes,
      ),
    );
    const unrest = await comeToRest(victim, say, signal).then(
      () => [],
      (error: unknown) => [String(error)],
    );
    signal.throwIfAborted();
    const verdict = await readVerdict(victim, load);
    verdict.violations.push(...unrest);
    say('stopping');
    closing.isClosed = true;
    await victim.system.close().catch((error: unknown) => void verdict.violations.push(String(error)));
    for (const line of verdictTable({ faults, crashCount, verdict })) print(line);
    return verdict.violations.length === 0;
  } finally {
    if (!closing.isClosed) await victim.system.close();
  }
}

type HavocOptions = Pick<ChaosOptions, 'lengthMs' | 'signal'> & { say(line: string): void; random: Random };

/** The load, the chaos and the billing in the middle of it; heals everything and ends the load at the end. */
async function wreakHavoc(
  victim: OpenVictim,
  { lengthMs, signal, say, random }: HavocOptions,
  unleashAll: (signal: AbortSignal) => Promise<void>,
): Promise<Load> {
  const { system, applications } = victim;
  const load = startLoad(system, {
    applications,
    perSecond: REQUESTS_PER_SECOND,
    codeValidityMs: CODE_VALIDITY_MS,
    random,
  });
  const progress = setInterval(() => void showProgress(victim, load, say), PROGRESS_MS);
  try {
    await together(signal, [
      unleashAll,
      (either) => delay(lengthMs, undefined, { signal: either }),
      ...BILLED_AT.map(
        (share) => (either: AbortSignal) => billInPassing(victim, share * lengthMs, either, say),
      ),
    ]);
    await system.heal();
    await load.stop();
    return load;
  } finally {
    clearInterval(progress);
  }
}

async function billInPassing(
  victim: OpenVictim,
  atMs: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  await delay(atMs, undefined, { signal });
  say('the month is closed');
  await closeMonth(victim, signal);
  await delay(COLLECTED_AFTER_MS, undefined, { signal });
  say('Stripe renews the subscriptions');
  victim.system.renewSubscriptions();
}

async function showProgress({ database }: OpenVictim, { accepted }: Load, say: (line: string) => void) {
  const line = await readProgress(database.prisma)
    .then(
      ({ delivered, expired, open, oldestSeconds }) =>
        `${delivered} delivered, ${expired} expired, ${open} open, oldest ${oldestSeconds ?? 0} s`,
    )
    .catch(() => 'the database is away');
  say(`· ${accepted.length} accepted, ${line}`);
}

function describeFault({ fault, durationMs }: PlannedFault): string {
  const details = Object.entries(fault)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => (name === 'index' ? serviceNames[value] : `${name} ${value}`));
  const lasts = durationMs === 0 ? [] : [`for ${(durationMs / 1_000).toFixed(1)} s`];
  const more = [...details, ...lasts].join(', ');
  return `! ${fault.kind}${more === '' ? '' : ` (${more})`}`;
}

/** Minutes and seconds since the start. */
function stamp(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
