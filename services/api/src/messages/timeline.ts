import { z } from 'zod';
import type { MessageRow } from './message-view.ts';

export const TimelineEvent = z
  .object({
    at: z.iso.datetime(),
    event: z.string().meta({ description: 'accepted, handed_over, provider_accepted, sent, delivered, …' }),
    attempt: z.number().int().nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'TimelineEvent' });

export type TimelineEvent = z.infer<typeof TimelineEvent>;

type Event = Omit<TimelineEvent, 'at'> & { at: Date };

/**
 * What happened to a message, oldest first, as it became known here: from its own row, its attempts
 * and what was reported of them.
 */
export function buildTimeline(row: MessageRow): TimelineEvent[] {
  const events: Event[] = [{ at: row.acceptedAt, event: 'accepted', attempt: null, detail: null }];
  for (const attempt of row.attempts) {
    const { number, openedAt, closedAt, outcome, failureDetail, reports } = attempt;
    events.push({ at: openedAt, event: 'handed_over', attempt: number, detail: attempt.provider });
    if (closedAt && outcome) {
      events.push({
        at: closedAt,
        event: `provider_${outcome.replace('provider_', '')}`,
        attempt: number,
        detail: failureDetail,
      });
    }
    for (const { recordedAt, result, detail } of reports) {
      events.push({ at: recordedAt, event: result, attempt: number, detail });
    }
  }
  const told = events.some(({ event }) => event === row.state);
  if (row.finishedAt && !told) {
    events.push({ at: row.finishedAt, event: row.state, attempt: null, detail: row.failureCode });
  }
  return events
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, ...event }) => ({ at: at.toISOString(), ...event }));
}
