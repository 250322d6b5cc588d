import type { Database } from '@tollgate/shared/runtime/database.ts';
import type Stripe from 'stripe';
import { describeMonthEnd, describeVerdict, isProven } from './closing-words.ts';
import type { DemoCaller } from './demo/prepare-demo.ts';
import { listMails } from './month-end/mail-catcher.ts';
import { openStripeAccount } from './month-end/stripe-account.ts';
import { tellMonthEnd } from './month-end/tell-month-end.ts';
import type { Addresses } from './services/addresses.ts';
import { judgeStory } from './story/judge-story.ts';
import { showStory } from './story/show-story.ts';
import { tellStory } from './story/tell-story.ts';
import { tellTraces } from './story/tell-traces.ts';
import { runBilling } from './story/tollgate-api.ts';
import type { Paint } from './terminal/colours.ts';
import type { Progress } from './terminal/progress.ts';
import type { Terminal } from './terminal/terminal.ts';

export type TellStoriesDeps = {
  database: Database;
  stripe: Stripe;
  addresses: Addresses;
  cronSecret: string;
  now: () => Date;
  terminal: Terminal;
  paint: Paint;
  progress: Progress;
  /** Throws when the stories have to give way to a stop. */
  checkpoint(): void;
};

/**
 * Sends a message for each tenant and, once they are delivered, lets the month end that they are billed with. Returns
 * whether everything happened exactly once and the books prove it.
 */
export async function tellStories(deps: TellStoriesDeps, callers: readonly DemoCaller[]): Promise<boolean> {
  const { database, terminal, paint, checkpoint } = deps;
  const { apiUrl } = deps.addresses;
  const screen = showStory(terminal, paint);
  const told = await tellStory({ apiUrl, db: database.prisma, update: screen.update, checkpoint }, callers);
  screen.end(told);
  const verdict = judgeStory(told);
  for (const line of describeVerdict(verdict, paint)) terminal.print(line);
  // What was not delivered was not used: its month-end would only repeat that.
  if (!verdict.succeeded) return false;

  terminal.print('');
  const messageIds = told.flatMap(({ id }) => id ?? []);
  const monthEnd = await tellMonthEnd(monthEndDeps(deps), { tenants: callers, messageIds });
  const traces = await tellTraces(apiUrl, callers, told);
  terminal.print('');
  for (const line of describeMonthEnd(monthEnd, traces, paint)) terminal.print(line);
  return isProven(monthEnd, traces);
}

function monthEndDeps({ database, stripe, addresses, cronSecret, ...deps }: TellStoriesDeps) {
  return {
    ...deps,
    prisma: database.prisma,
    stripe: openStripeAccount(stripe, addresses.stripeUrl),
    listMails: () => listMails(addresses.mailPageUrl),
    runBilling: (asOf: Date) => runBilling(addresses.apiUrl, cronSecret, asOf),
  };
}
