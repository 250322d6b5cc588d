import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import type { World } from '../weather/world.ts';
import { checkCharges } from './check-charges.ts';
import { checkHandOvers } from './check-hand-overs.ts';
import { checkInvoices } from './check-invoices.ts';
import { checkMails } from './check-mails.ts';
import { checkReports } from './check-reports.ts';
import { checkRequests } from './check-requests.ts';
import { type Facts, readFacts } from './facts.ts';

/** Everything that is wrong with what a run left behind. */
export async function findViolations(world: World): Promise<string[]> {
  const facts = await readFacts(world);
  return [
    ...(await checkBooks(world)),
    ...checkRequests(facts),
    ...checkHandOvers(facts),
    ...checkReports(facts),
    ...checkCharges(facts),
    ...checkInvoices(facts),
    ...checkMails(facts),
    ...checkDeadLetters(facts),
  ];
}

async function checkBooks({ prisma, now }: World): Promise<string[]> {
  const { checks } = await reconcile(prisma, now());
  return checks.flatMap(({ name, discrepancies }) =>
    discrepancies.map(({ subject, detail }) => `books: ${name}: ${subject}: ${detail}`),
  );
}

/** Rows are given up by their own rules; a job that ran out of attempts is a failure nobody foresaw. */
function checkDeadLetters({ deadLetters }: Facts): string[] {
  const foreseen = new Set(['provider_unavailable', 'outcome_unknown', 'stripe_rejected']);
  return deadLetters.flatMap(({ queue, failureClass, failureDetail }) =>
    foreseen.has(failureClass) || queue === 'send-notification' || failureClass.startsWith('Stripe')
      ? []
      : [`dead letter of ${queue}: ${failureClass}: ${failureDetail}`],
  );
}
