import type { PendingReport } from '../state/report-table.ts';

/**
 * Delivers reports of one message one after another in the given order, those of different messages side by side, at
 * most so many at once. Resolves when all were tried.
 */
export async function deliverLanes(
  reports: PendingReport[],
  atOnceMax: number,
  deliver: (report: PendingReport) => Promise<void>,
): Promise<void> {
  // The workers share one iterator, so every lane is taken by exactly one of them.
  const lanes = Map.groupBy(reports, ({ messageId }) => messageId).values();
  const work = async () => {
    for (const lane of lanes) {
      for (const report of lane) await deliver(report);
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, work));
}
