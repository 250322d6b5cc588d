import type { OpenPeriod } from '../periods.ts';

/** Why a period is closed now. */
export type CloseCause =
  | { kind: 'schedule' }
  /** What was used has reached the period's threshold. */
  | { kind: 'threshold' }
  /** A sandbox's test clock: as of any instant. */
  | { kind: 'as_of'; at: Date };

export type PeriodEnd = {
  endsAt: Date;
  closedBy: 'schedule' | 'threshold' | 'deletion' | 'manual';
  /** The tenant's last: none follows, and whatever is open is billed. */
  isFinal: boolean;
};

type Span = Pick<OpenPeriod, 'startsAt' | 'endsAt' | 'cadence'>;

/**
 * Where a period ends and why, or null when it does not end now. A tenant that was deleted within it
 * ends it at once; one that was deleted later still has another period before it. A period has a
 * moment at least: of two closes in the same millisecond the second finds nothing to end.
 */
export function decideEnd(
  period: Span,
  { cause, now, deletedAt }: { cause: CloseCause; now: Date; deletedAt: Date | null },
): PeriodEnd | null {
  const { startsAt, endsAt, cadence } = period;
  if (deletedAt !== null && deletedAt < endsAt) {
    const end = now < endsAt ? now : endsAt;
    const moment = new Date(startsAt.getTime() + 1);
    return { endsAt: end > startsAt ? end : moment, closedBy: 'deletion', isFinal: true };
  }
  switch (cause.kind) {
    case 'schedule':
      return { endsAt, closedBy: 'schedule', isFinal: false };
    case 'threshold':
      if (cadence !== 'threshold') return null;
      if (endsAt <= now) return { endsAt, closedBy: 'schedule', isFinal: false };
      return now > startsAt ? { endsAt: now, closedBy: 'threshold', isFinal: false } : null;
    case 'as_of':
      if (endsAt <= cause.at) return { endsAt, closedBy: 'schedule', isFinal: false };
      return cause.at > startsAt ? { endsAt: cause.at, closedBy: 'manual', isFinal: false } : null;
  }
}
