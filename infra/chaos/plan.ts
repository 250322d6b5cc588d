import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import type { Fault, PlannedFault } from './faults/fault.ts';
import type { Random } from './random.ts';

const SECOND_MS = 1_000;
/** So that messages flow before anything happens, and what happens last happens under load. */
const QUIET_MS = 4 * SECOND_MS;
export const OUTAGE_MS = 120 * SECOND_MS;
/** From this length on the provider is away for two minutes. */
const LENGTH_WITH_OUTAGE_MS = 180 * SECOND_MS;

/** Faults that exclude one another: each begins when the one before it is over. */
export type Lane = readonly PlannedFault[];

export type PlanOptions = { lengthMs: number; backend: QueueBackend; serviceCount: number };

type Range = readonly [minMs: number, maxMs: number];
type Rhythm = { pauseMs: Range; lastsMs: Range };

/** What goes wrong and when, in lanes that run side by side. Nothing begins or lasts after the length is over. */
export function planChaos(random: Random, options: PlanOptions): Lane[] {
  const { lengthMs, backend, serviceCount } = options;
  const kill = () => ({ kind: 'service is killed', index: random.between(0, serviceCount - 1) }) as const;
  return [
    planProvider(random, lengthMs),
    planLane(random, [0, lengthMs], [kill], { pauseMs: [5_000, 12_000], lastsMs: [0, 0] }),
    planLane(random, [0, lengthMs], serverFaults(backend), {
      pauseMs: [8_000, 16_000],
      lastsMs: [500, 5_000],
    }),
    planLane(random, [0, lengthMs], webhookFaults(random), {
      pauseMs: [3_000, 8_000],
      lastsMs: [4_000, 12_000],
    }),
    planLane(random, [0, lengthMs], stripeFaults, { pauseMs: [5_000, 15_000], lastsMs: [4_000, 12_000] }),
    planLane(random, [0, lengthMs], mailFaults, { pauseMs: [5_000, 15_000], lastsMs: [4_000, 12_000] }),
  ];
}

function planProvider(random: Random, lengthMs: number): Lane {
  const rhythm: Rhythm = { pauseMs: [4_000, 10_000], lastsMs: [3_000, 10_000] };
  const faults = providerFaults(random);
  if (lengthMs < LENGTH_WITH_OUTAGE_MS) return planLane(random, [0, lengthMs], faults, rhythm);
  const outageAtMs = random.between(2 * QUIET_MS, lengthMs - OUTAGE_MS - 2 * QUIET_MS);
  return [
    ...planLane(random, [0, outageAtMs], faults, rhythm),
    ...planOutage(random, outageAtMs),
    ...planLane(random, [outageAtMs + OUTAGE_MS, lengthMs], faults, rhythm),
  ];
}

/** Two minutes without a moment in which the provider takes and answers a call; the trouble changes. */
function planOutage(random: Random, startMs: number): Lane {
  const away = providerFaults(random).slice(1);
  const shareMs = OUTAGE_MS / away.length;
  return shuffle(random, away).map((make, place) => ({
    atMs: startMs + place * shareMs,
    durationMs: shareMs,
    fault: make(),
  }));
}

/** Deals the faults like cards, so that each comes before one comes again. */
function planLane(
  random: Random,
  [startMs, endMs]: Range,
  faults: readonly (() => Fault)[],
  { pauseMs, lastsMs }: Rhythm,
): Lane {
  const planned: PlannedFault[] = [];
  let deck: (() => Fault)[] = [];
  for (let atMs = startMs + QUIET_MS + random.between(0, pauseMs[0]); ; atMs += random.between(...pauseMs)) {
    const durationMs = random.between(...lastsMs);
    if (atMs + durationMs > endMs - QUIET_MS) return planned;
    if (deck.length === 0) deck = shuffle(random, faults);
    const make = deck.pop();
    if (make) planned.push({ atMs, durationMs, fault: make() });
    atMs += durationMs;
  }
}

function shuffle<Item>(random: Random, items: readonly Item[]): Item[] {
  const keyed = items.map((item) => ({ item, key: random.next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** The first is no outage: a slow provider takes calls and answers most of them. */
function providerFaults(random: Random): (() => Fault)[] {
  return [
    () => ({ kind: 'provider is slow', delayMs: random.between(500, 12_000) }),
    () => ({ kind: 'provider refuses connections' }),
    () => ({ kind: 'provider answers 503' }),
    () => ({ kind: 'provider cuts calls it did not take' }),
    () => ({ kind: 'provider cuts calls it took' }),
    () => ({ kind: 'provider hangs' }),
  ];
}

function webhookFaults(random: Random): (() => Fault)[] {
  return [
    () => ({ kind: 'delivery reports are lost', count: random.between(5, 60) }),
    () => ({ kind: 'webhooks come twice' }),
    () => ({ kind: 'webhooks come in another order' }),
    () => ({ kind: 'webhooks come late', delayMs: random.between(1_000, 8_000) }),
  ];
}

const stripeFaults: readonly (() => Fault)[] = [
  () => ({ kind: 'Stripe refuses connections' }),
  () => ({ kind: 'Stripe answers 500' }),
  () => ({ kind: 'Stripe cuts calls it carried out' }),
  () => ({ kind: 'Stripe hangs' }),
];

const mailFaults: readonly (() => Fault)[] = [
  () => ({ kind: 'mail server refuses connections' }),
  () => ({ kind: 'mail server asks to try later' }),
  () => ({ kind: 'mail server cuts mails it took' }),
];

function serverFaults(backend: QueueBackend): (() => Fault)[] {
  const always: (() => Fault)[] = [
    () => ({ kind: 'PostgreSQL is restarted' }),
    () => ({ kind: 'PostgreSQL crashes' }),
    () => ({ kind: 'queue is emptied' }),
  ];
  if (backend === 'postgres') return always;
  return [
    ...always,
    () => ({ kind: 'Redis is restarted' }),
    () => ({ kind: 'Redis crashes' }),
    () => ({ kind: 'Redis crashes and loses everything' }),
  ];
}
