/** How often each thing went wrong, by name. */
export type FaultCounts = { add(name: string, times?: number): void; all(): Record<string, number> };

export function createFaultCounts(): FaultCounts {
  const counts = new Map<string, number>();
  return {
    add: (name, times = 1) => void counts.set(name, (counts.get(name) ?? 0) + times),
    all: () => Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** The counts as a table, one line per fault. */
export function formatCounts(counts: Record<string, number>): string {
  const rows = Object.entries(counts);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, times]) => `  ${name.padEnd(width)}  ${String(times).padStart(8)}`).join('\n');
}
