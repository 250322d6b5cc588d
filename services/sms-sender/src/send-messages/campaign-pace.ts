import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';

/** Campaigns take everything again when no single message came for this long. */
const ATTENTIVE_MS = 5 * SECOND_MS;

// Messages per second of this process, while single messages come.
const FIRST_RATE = 100;
const LOWEST_RATE = 50;

/** While single messages come, a campaign hands over few at a time: what it holds up, it holds up briefly. */
const SLICE_SIZE = 10;

/** So many times the shortest work beyond the shortest wait is too long; on an idle system 95 of 100 wait less. */
const TOLERANCE = 2;

// Where one wait in 25 is too long, both changes cancel out: the rate finds the place at which 96 of 100 are not.
const SLOWER = 0.7;
const FASTER = SLOWER ** (-1 / 24);

/** The shortest are those of this span and the one before: a database that moved away is noticed in the end. */
const SHORTEST_OF_MS = 5 * MINUTE_MS;

/** For so long a rate that was found is worth more than a guess. */
const RATE_KEPT_MS = 5 * MINUTE_MS;

/** What single messages of one batch waited until they were claimed. */
export type SinglesWait = {
  /** Of the one that waited longest, since its wake-up. Two machines' clocks: it may be off by as much as they are, always the same way. */
  waitedMs: number;
  /** Of that, since this process took the latest of them: by one clock. */
  workedMs: number;
};

export type CampaignPace = {
  /** Told what single messages waited. */
  singlesWaited(wait: SinglesWait): void;
  /** How many of a chunk's messages may be handed over together. */
  sliceSize(chunkSize: number): number;
  /** Resolves when a campaign may hand over so many more. */
  turn(messageCount: number): Promise<void>;
  /** Of a turn's messages so many were not handed over: others may be. */
  giveBack(messageCount: number): void;
};

export type CampaignPaceDeps = {
  /** A clock that only goes forward, in milliseconds. */
  nowMs: () => number;
  /** Waits so many milliseconds. */
  wait: (ms: number) => Promise<unknown>;
};

const realTime: CampaignPaceDeps = { nowMs: () => performance.now(), wait: (ms) => sleep(ms) };

/**
 * Keeps campaigns from making single messages wait: as fast as possible while nobody sends any, otherwise
 * as fast as leaves 96 of 100 of them unhindered. What they wait for may be anything that both share, from
 * this process to the database's disk, so their waits are all it looks at.
 */
export function createCampaignPace({ nowMs, wait }: CampaignPaceDeps = realTime): CampaignPace {
  let rate = FIRST_RATE;
  let lastSingleAtMs = Number.NEGATIVE_INFINITY;
  let nextTurnAtMs = Number.NEGATIVE_INFINITY;
  let shortest = NEVER;
  let shortestBefore = NEVER;
  let spanEndsAtMs = nowMs() + SHORTEST_OF_MS;

  const isAttentive = () => nowMs() - lastSingleAtMs < ATTENTIVE_MS;

  return {
    singlesWaited(wait) {
      const now = nowMs();
      if (now - lastSingleAtMs >= RATE_KEPT_MS) rate = FIRST_RATE;
      lastSingleAtMs = now;
      if (now >= spanEndsAtMs) {
        shortestBefore = shortest;
        shortest = NEVER;
        spanEndsAtMs = now + SHORTEST_OF_MS;
      }
      shortest = shorterOf(shortest, wait);
      const { waitedMs, workedMs } = shorterOf(shortest, shortestBefore);
      // Of waits only differences count: however far the clocks are apart, they leave those alone.
      if (wait.waitedMs - waitedMs > TOLERANCE * workedMs) rate = Math.max(LOWEST_RATE, rate * SLOWER);
      // A rate that holds nobody back says nothing about a higher one: without campaigns it would grow for ever.
      else if (nextTurnAtMs > now) rate *= FASTER;
    },
    sliceSize: (chunkSize) => (isAttentive() ? Math.min(SLICE_SIZE, chunkSize) : chunkSize),
    async turn(messageCount) {
      const now = nowMs();
      if (!isAttentive()) return;
      const turnAtMs = Math.max(now, nextTurnAtMs);
      nextTurnAtMs = turnAtMs + (messageCount / rate) * SECOND_MS;
      await wait(turnAtMs - now);
    },
    giveBack(messageCount) {
      nextTurnAtMs -= (messageCount / rate) * SECOND_MS;
    },
  };
}

const NEVER: SinglesWait = { waitedMs: Number.POSITIVE_INFINITY, workedMs: Number.POSITIVE_INFINITY };

function shorterOf(one: SinglesWait, other: SinglesWait): SinglesWait {
  return {
    waitedMs: Math.min(one.waitedMs, other.waitedMs),
    workedMs: Math.min(one.workedMs, other.workedMs),
  };
}
