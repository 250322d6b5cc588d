/** What happened in a run, in order; ids are numbered as they appear, so that two runs can be compared. */
export type StepLog = { add(text: string): void; lines(): readonly string[] };

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export function createStepLog({ nowMs, startsAtMs }: { nowMs: () => number; startsAtMs: number }): StepLog {
  const lines: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return `#${numbers.get(id)}`;
  };
  return {
    add(text) {
      const seconds = ((nowMs() - startsAtMs) / 1_000).toFixed(3).padStart(12);
      lines.push(`${seconds}  ${text.replace(uuids, numberOf)}`);
    },
    lines: () => lines,
  };
}
