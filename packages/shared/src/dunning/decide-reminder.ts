/** How many days after its due date an invoice is reminded of, by level. */
export const reminderDays = [3, 10, 20] as const;

/**
 * The level of the reminder that an invoice is due for, or null. After a pause only the latest is sent:
 * a second reminder never comes with the first.
 */
export function decideReminder({
  daysPastDue,
  lastLevel,
}: {
  daysPastDue: number;
  /** 0 while none was sent. */
  lastLevel: number;
}): number | null {
  const level = reminderDays.filter((days) => daysPastDue >= days).length;
  return level > lastLevel ? level : null;
}
