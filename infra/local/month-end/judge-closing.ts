import { formatMicros } from '@tollgate/shared/money/money.ts';
import { localMonth } from '@tollgate/shared/time/local-time.ts';
import { type BilledPeriod, collectedOf, judgeEach } from './billed-period.ts';
import { done, type Judgement, waiting, wrong } from './judgement.ts';

/** Whether every period was closed, with one invoice or statement each. */
export function judgeClosing(periods: readonly BilledPeriod[], asOf: Date): Judgement {
  const open = periods.find(({ isClosed }) => !isClosed);
  if (open !== undefined) return waiting(`the period of ${open.tenant} is still open`);
  const judgement = judgeEach(periods, 'nothing to close', () => done(''));
  if (judgement.kind !== 'done') return judgement;
  const months = new Set(periods.map(({ startsAt, timeZone }) => localMonth(startsAt, timeZone)));
  return done(`${[...months].join(' and ')}, looked at as of ${asOf.toISOString()}`);
}

/** Whether nobody is asked for money that is not collected, and a statement has nothing to pay. */
export function judgeStatements(periods: readonly BilledPeriod[]): Judgement {
  const asked = collectedOf(periods);
  const mistaken = asked.find(({ isCollected }) => !isCollected);
  if (mistaken !== undefined) return wrong(`${mistaken.tenant} is asked for money, but paid in advance`);
  const statements = periods.filter((period) => !asked.includes(period));
  return judgeEach(statements, 'none', (invoice, { tenant, currency }) => {
    const { settlesMicros, totalMinor, pushes, usageMicros } = invoice;
    if (settlesMicros !== 0n || totalMinor !== 0n) {
      return wrong(`the statement of ${tenant} asks for ${formatMicros(settlesMicros)} ${currency}`);
    }
    if (pushes.length > 0) return wrong(`the statement of ${tenant} was pushed to Stripe`);
    return done(`${tenant}: ${formatMicros(usageMicros)} ${currency} used, nothing to pay`);
  });
}
