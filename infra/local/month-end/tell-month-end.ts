import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import type { Progress } from '../terminal/progress.ts';
import { followStep, type StepDeps, StepFailedError } from './follow-step.ts';
import { judgeBooks } from './judge-books.ts';
import { judgeClosing, judgeStatements } from './judge-closing.ts';
import { judgeItems } from './judge-items.ts';
import { type ArrivedMail, judgeMails } from './judge-mails.ts';
import { judgePayments } from './judge-payments.ts';
import { judgeUsage } from './judge-usage.ts';
import { firstDoubt, type Judgement } from './judgement.ts';
import { findOpenPeriods, readPeriods } from './read-periods.ts';
import { readUsage } from './read-usage.ts';
import { readSubscriptions, type StripeAccount } from './stripe-account.ts';

export type MonthEndDeps = {
  prisma: PrismaClient;
  progress: Progress;
  now(): Date;
  /** Throws when the story has to give way to a stop. */
  checkpoint(): void;
  stripe: StripeAccount;
  listMails(): Promise<ArrivedMail[]>;
  /** Asks for everything to be closed that has ended by then. */
  runBilling(asOf: Date): Promise<void>;
};

/** Whose month ends, and the messages that must be billed with it. */
export type MonthEndOf = { tenants: readonly { id: string; name: string }[]; messageIds: readonly string[] };

/** What the books say at the end, or why it did not come to that. */
export type MonthEnd = { isProven: true; books: string } | { isProven: false; reason: string };

/**
 * Lets the month of the demo tenants end: their usage is counted, billed, told, paid and proven, each step within
 * 30 s and exactly once. The end of a month is not waited for: the invoicer is asked as of that instant.
 */
export async function tellMonthEnd(deps: MonthEndDeps, whose: MonthEndOf): Promise<MonthEnd> {
  try {
    return { isProven: true, books: await followMonthEnd(deps, whose) };
  } catch (error) {
    if (!(error instanceof StepFailedError)) throw error;
    return { isProven: false, reason: error.message };
  }
}

async function followMonthEnd(deps: MonthEndDeps, { tenants, messageIds }: MonthEndOf): Promise<string> {
  const { prisma, stripe, now } = deps;
  const names = new Map(tenants.map(({ id, name }) => [id, name]));
  const open = await findOpenPeriods(prisma, [...names.keys()]);
  const subscriptions = await readSubscriptions(prisma, [...names.keys()]);
  const asOf = new Date(Math.max(...open.map(({ endsAt }) => endsAt.getTime())));

  const read = () =>
    readPeriods(
      prisma,
      open.map(({ id }) => id),
      names,
    );
  const lookAtUsage = async () => judgeUsage(await readUsage(prisma, messageIds));
  const lookAtItems = async () => {
    const items = await Promise.all(subscriptions.map(({ customerId }) => stripe.listItems(customerId)));
    return judgeItems(await read(), items.flat());
  };
  const lookAtMails = async () => judgeMails(await read(), await deps.listMails());
  const lookAtPayments = async () => judgePayments(await read());
  const renew = async () => {
    for (const { subscriptionId } of subscriptions) await stripe.renew(subscriptionId);
  };
  const step = (name: string, look: StepDeps['look'], begin?: StepDeps['begin']) =>
    followStep({ ...deps, look, ...(begin && { begin }) }, name);

  await step('usage rolled up', lookAtUsage);
  await step(
    'month closed',
    async () => judgeClosing(await read(), asOf),
    () => deps.runBilling(asOf),
  );
  await step('statement', async () => judgeStatements(await read()));
  await step('item at Stripe', lookAtItems);
  await step('usage summaries', lookAtMails);
  await step('invoice paid', lookAtPayments, renew);
  return step('books', async (): Promise<Judgement> => {
    // Nothing that was done once may have been done again since.
    const looks = await Promise.all([lookAtUsage(), lookAtItems(), lookAtMails(), lookAtPayments()]);
    return firstDoubt(looks) ?? judgeBooks(await reconcile(prisma, now()));
  });
}
