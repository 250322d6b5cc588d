import * as z from 'zod';

/** The IANA name of a time zone that the runtime knows, such as Europe/Prague. */
export const TimeZone = z
  .string()
  .refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Prague' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
