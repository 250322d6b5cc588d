import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { DAY_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { Meter } from '@tollgate/shared/usage/meters.ts';
import { type FieldError, invalidRequest, Problem } from '../../problems/problem.ts';
import { pointerTo, readBody } from '../../problems/read-body.ts';
import { AGE_DAYS_MAX, AHEAD_MINUTES_MAX, UsageEventRequest, type UsageResult } from './usage-request.ts';

/** One event on its way; `result` is set as soon as it is decided. */
export type UsageItem = {
  index: number;
  /** Of the event, should it be recorded. */
  id: string;
  /** The caller's key, where it is text. */
  key: string | null;
  /** Null where it does not fit. */
  wish: UsageEventRequest | null;
  occurredAt: Date;
  result: UsageResult | null;
};

export type FittingItem = UsageItem & { wish: UsageEventRequest };

/** The events that nothing speaks against so far. */
export function openItems(items: readonly UsageItem[]): FittingItem[] {
  return items.filter((item): item is FittingItem => item.wish !== null && item.result === null);
}

/** Every event as it can be recorded, or with the reason why it cannot be. In request order. */
export function prepareUsage(
  events: readonly unknown[],
  meters: ReadonlyMap<string, Meter>,
  now: Date,
): UsageItem[] {
  return events.map((given, index) => {
    const item: UsageItem = {
      index,
      id: newId(),
      key: readKey(given),
      wish: null,
      occurredAt: now,
      result: null,
    };
    try {
      item.wish = readBody(UsageEventRequest, given);
      const { meter, occurredAt } = item.wish;
      if (occurredAt !== undefined) item.occurredAt = new Date(occurredAt);
      checkMeter(meter, meters);
      checkTime(item.occurredAt, now);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refuse(item, error);
    }
    return item;
  });
}

function checkMeter(meter: string, meters: ReadonlyMap<string, Meter>): void {
  const known = meters.get(meter);
  if (!known) throw wrongField('meter', `there is no meter ${meter}`);
  if (known.isInternal) throw wrongField('meter', `${meter} is recorded by the gateway itself`);
}

function checkTime(occurredAt: Date, now: Date): void {
  const age = now.getTime() - occurredAt.getTime();
  if (age < -AHEAD_MINUTES_MAX * MINUTE_MS) throw wrongField('occurredAt', 'is in the future');
  if (age > AGE_DAYS_MAX * DAY_MS) throw wrongField('occurredAt', `is more than ${AGE_DAYS_MAX} days ago`);
}

/** A field of an event that does not fit. */
export function wrongField(name: keyof UsageEventRequest, detail: string): Problem {
  return invalidRequest([{ pointer: pointerTo([name]), detail }]);
}

/** Decides that the event is recorded, or was before, or is only checked. */
export function settle(
  item: UsageItem,
  state: 'recorded' | 'repeated' | 'checked',
  eventId: string | null,
): void {
  const { index, key } = item;
  item.result = { index, key, state, id: eventId && toPublicId('use', eventId), problem: null };
}

/** Decides that the event is refused; the others are not. */
export function refuse(item: UsageItem, { code, status, message: detail, extras }: Problem): void {
  const { index, key } = item;
  const [first] = (extras as { errors?: readonly FieldError[] }).errors ?? [];
  const path = first && 'pointer' in first ? first.pointer.slice(1) : null;
  const pointer = path === null ? null : `#/events/${index}${path}`;
  item.result = { index, key, state: 'refused', id: null, problem: { code, status, detail, pointer } };
}

function readKey(given: unknown): string | null {
  const isObject = typeof given === 'object' && given !== null;
  return isObject && 'key' in given && typeof given.key === 'string' ? given.key.slice(0, 200) : null;
}
