import type { ReconciliationReport } from '@tollgate/shared/reconciliation/reconcile.ts';
import { done, type Judgement, wrong } from './judgement.ts';

const NAMED_MAX = 5;

/** Whether no check found a discrepancy; the first few are named. */
export function judgeBooks({ checks, discrepancyCount }: ReconciliationReport): Judgement {
  if (discrepancyCount === 0) return done(`${checks.length} checks, no discrepancy`);
  const found = checks.flatMap(({ name, discrepancies }) =>
    discrepancies.map(({ subject, detail }) => `${name} (${subject}: ${detail})`),
  );
  const more = found.length > NAMED_MAX ? ' …' : '';
  return wrong(
    `${checks.length} checks, ${discrepancyCount} discrepancies: ${found.slice(0, NAMED_MAX).join('; ')}${more}`,
  );
}
