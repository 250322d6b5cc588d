import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { FaultCounts } from './fault-counts.ts';
import type { Random } from './random.ts';

/** A webhook on its way to us. */
export type Letter = {
  source: 'sms-manager' | 'stripe';
  externalId: string;
  body: string;
  dueAtMs: number;
  tries: number;
};

/** Carries webhooks to the api: it loses, doubles, delays and reorders them. */
export type PostOffice = {
  post(letter: Pick<Letter, 'source' | 'externalId' | 'body'>): void;
  due(): Letter[];
  take(letters: readonly Letter[]): void;
  /** Our api went away before it answered: the sender posts it again, and gives up after the fifth time. */
  unanswered(letter: Letter): void;
  answered(letter: Letter): void;
  nextDueAtMs(): number;
  /** What the api has answered for: it is ours now. */
  arrived(): readonly Letter[];
};

export type PostOfficeOptions = {
  random: Random;
  counts: FaultCounts;
  nowMs: () => number;
  trouble: () => number;
};

const againAfterMs = [30 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS];

export function createPostOffice({ random, counts, nowMs, trouble }: PostOfficeOptions): PostOffice {
  let letters: Letter[] = [];
  const arrived: Letter[] = [];
  return {
    post(given) {
      const misfortune = random.chance(trouble())
        ? random.pick(['lost', 'doubled', 'delayed'] as const)
        : null;
      if (misfortune) counts.add(`${given.source} webhook ${misfortune}`);
      if (misfortune === 'lost') return;
      const lateMs = misfortune === 'delayed' ? random.int(SECOND_MS, 30 * MINUTE_MS) : 0;
      const letter = { ...given, dueAtMs: nowMs() + random.int(0, 2_000) + lateMs, tries: 1 };
      letters.push(letter);
      if (misfortune === 'doubled') letters.push({ ...letter, dueAtMs: nowMs() + random.int(0, MINUTE_MS) });
    },
    due: () => letters.filter(({ dueAtMs }) => dueAtMs <= nowMs()),
    take(taken) {
      letters = letters.filter((letter) => !taken.includes(letter));
    },
    unanswered(letter) {
      const waitMs = againAfterMs[letter.tries - 1];
      if (waitMs === undefined) counts.add(`${letter.source} webhook given up by its sender`);
      else letters.push({ ...letter, dueAtMs: nowMs() + waitMs, tries: letter.tries + 1 });
    },
    answered: (letter) => void arrived.push(letter),
    nextDueAtMs: () => Math.min(...letters.map(({ dueAtMs }) => dueAtMs)),
    arrived: () => arrived,
  };
}
