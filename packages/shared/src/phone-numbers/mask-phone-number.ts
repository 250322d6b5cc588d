const SHOWN_START = 7;
const SHOWN_END = 3;
const HIDDEN_MIN = 3;

/**
 * The number for logs: "+420777123456" becomes "+420777***456". At least three characters are hidden;
 * a shorter number shows less of its start, and one of six characters or fewer nothing at all.
 */
export function maskPhoneNumber(number: string): string {
  const shownStart = Math.min(SHOWN_START, number.length - SHOWN_END - HIDDEN_MIN);
  if (shownStart <= 0) return '*'.repeat(HIDDEN_MIN);
  const hidden = number.length - shownStart - SHOWN_END;
  return number.slice(0, shownStart) + '*'.repeat(hidden) + number.slice(-SHOWN_END);
}
