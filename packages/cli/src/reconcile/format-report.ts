import { DISCREPANCIES_MAX, type ReconciliationReport } from '@tollgate/shared/reconciliation/reconcile.ts';

/** The report for people: a line per check, and below a wrong one what is always true and the rows that are not. */
export function formatReport({ checks, discrepancyCount }: ReconciliationReport): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, statement, discrepancies, durationMs }) => {
    const isRight = discrepancies.length === 0;
    const count = discrepancies.length === DISCREPANCIES_MAX ? `${DISCREPANCIES_MAX}+` : discrepancies.length;
    const head = `${isRight ? '✓' : '✗'} ${name.padEnd(width)}  ${String(count).padStart(4)}  ${durationMs} ms`;
    if (isRight) return [head];
    const rows = discrepancies.flatMap(({ subject, tenantId, detail }) => [
      `    ${subject} of tenant ${tenantId}`,
      `      ${detail}`,
    ]);
    return [head, `    ${statement}`, ...rows];
  });
  const isCapped = checks.some(({ discrepancies }) => discrepancies.length === DISCREPANCIES_MAX);
  return `${lines.join('\n')}\n\n${summary(checks.length, discrepancyCount, isCapped)}\n`;
}

function summary(checkCount: number, discrepancyCount: number, isCapped: boolean): string {
  if (discrepancyCount === 0) return `The books are right: ${checkCount} checks, no discrepancy.`;
  const noun = discrepancyCount === 1 ? 'discrepancy' : 'discrepancies';
  return `The books are wrong: ${checkCount} checks, ${isCapped ? 'at least ' : ''}${discrepancyCount} ${noun}.`;
}
