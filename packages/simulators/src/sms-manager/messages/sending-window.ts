import type { DeliveryTime } from './message-schema.ts';

const minuteMs = 60_000;
const searchedMinutesMax = 8 * 24 * 60;

/** The hours in which promotional messages to Czechia and France are sent. */
export const promotionalWindow: DeliveryTime = { start: '08:00', end: '20:00', tz: 'Europe/Prague' };

/** Returns the first instant, not before the given one, at which the window is open; the given one if none is near. */
export function nextOpening(from: Date, window: DeliveryTime): Date {
  const isOpen = openingTest(window);
  if (isOpen(from)) return from;
  const firstMinute = Math.ceil(from.getTime() / minuteMs) * minuteMs;
  for (let minute = 0; minute < searchedMinutesMax; minute += 1) {
    const candidate = new Date(firstMinute + minute * minuteMs);
    if (isOpen(candidate)) return candidate;
  }
  return from;
}

function openingTest(window: DeliveryTime): (at: Date) => boolean {
  const { days, start = '00:00', end = '24:00', tz = 'UTC' } = window;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: tz,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const isOpenDay = (day: string) => days === undefined || days.some((name) => name === day);
  const isOpenHour = (time: string) => {
    if (start === end) return true;
    return start < end ? time >= start && time < end : time >= start || time < end;
  };
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
    return isOpenDay((parts.weekday ?? '').toLowerCase()) && isOpenHour(`${parts.hour}:${parts.minute}`);
  };
}
