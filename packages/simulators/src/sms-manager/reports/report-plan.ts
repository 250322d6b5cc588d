import type { ReportFaults } from '../faults/faults.ts';
import type { Happening } from '../processing/advance-message.ts';

export interface PlannedReport extends Happening {
  /** Never posted: the fault that loses reports took it. */
  lost: boolean;
}

/**
 * Returns the reports to post about what happened, as the faults bend them: delayed, doubled, with `sending` first,
 * with `sent` after the end (`endsAfterMs` later), and the first few lost.
 */
export function planReports(
  happenings: Happening[],
  faults: ReportFaults,
  endsAfterMs: number,
): PlannedReport[] {
  const announced = happenings.flatMap((happening) =>
    faults.sending && happening.result === 'sent'
      ? [{ ...happening, result: 'sending' as const, dueAt: happening.dueAt - 1 }, happening]
      : [happening],
  );
  const moved = announced.map((happening) => ({
    ...happening,
    dueAt: happening.dueAt + (faults.delayMs ?? 0) + reversal(happening, faults, endsAfterMs),
  }));
  const copies = faults.double ? moved.flatMap((report) => [report, report]) : moved;
  return copies.map((report, index) => ({ ...report, lost: index < (faults.lose ?? 0) }));
}

function reversal(happening: Happening, faults: ReportFaults, endsAfterMs: number): number {
  return faults.reverse && happening.result === 'sent' ? endsAfterMs + 1 : 0;
}
