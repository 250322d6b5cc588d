type Attempt = {
  number: number;
  outcome: string | null;
  closedAt: Date | null;
  failureCode: string | null;
  reports: readonly { result: string; source: string }[];
};

/** An attempt in a few words, for people who look for what went wrong. */
export function describeAttempt({ number, outcome, closedAt, failureCode, reports }: Attempt): string {
  const told = reports.map(({ result, source }) => `${result} by ${source}`).join(', ');
  return `attempt ${number} is ${closedAt ? 'closed' : 'open'}, ${outcome} (${failureCode}) [${told}]`;
}
