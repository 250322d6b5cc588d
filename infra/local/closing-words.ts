import { demoRecipient } from './demo/demo-tenants.ts';
import type { MonthEnd } from './month-end/tell-month-end.ts';
import type { Addresses } from './services/addresses.ts';
import type { Verdict } from './story/judge-story.ts';
import type { ToldTraces } from './story/tell-traces.ts';
import type { Paint } from './terminal/colours.ts';

export type Access = {
  operatorEmail: string;
  /** Null when it was shown before. */
  operatorPassword: string | null;
  secretsFile: string;
  tenant: string;
  apiKey: string;
};

/** What happened, and what is wrong with it if anything is. */
export function describeVerdict(verdict: Verdict, paint: Paint): string[] {
  const mark = verdict.succeeded ? paint('green', '✓') : paint('red', '✗');
  return [
    `${mark} ${paint('bold', verdict.summary)}`,
    ...verdict.remarks.map((remark) => `  ${remark}`),
    ...verdict.reasons.map((reason) => `  ${paint('red', reason)}`),
  ];
}

/** What the month-end came to, the ways of the messages, and whether that is as it should be. */
export function describeMonthEnd(monthEnd: MonthEnd, traces: ToldTraces, paint: Paint): string[] {
  const verdict: Verdict = {
    succeeded: isProven(monthEnd, traces),
    summary: monthEnd.isProven ? `books: ${monthEnd.books}` : 'the month did not end as it should',
    remarks: [],
    reasons: [...(monthEnd.isProven ? [] : [monthEnd.reason]), ...traces.reasons],
  };
  return [...traces.lines.map((line) => `  ${paint('dim', line)}`), ...describeVerdict(verdict, paint)];
}

/** Whether the books were proven and every message has come all the way. */
export function isProven(monthEnd: MonthEnd, traces: ToldTraces): boolean {
  return monthEnd.isProven && traces.reasons.length === 0;
}

/** Where everything is, how to get in, and a command to try. */
export function describeAccess(addresses: Addresses, access: Access, paint: Paint): string[] {
  const { apiUrl, smsManagerUrl, twilioUrl, stripeUrl, mailPageUrl } = addresses;
  const body = JSON.stringify({ to: demoRecipient, body: 'Hello from Tollgate' });
  const lines = [
    ['API', `${apiUrl}  (${apiUrl}/openapi.json)`],
    ['Queues', `${apiUrl}/admin/queues`],
    ['Operator', `${access.operatorEmail}, ${describePassword(access)}`],
    ['Provider', `${smsManagerUrl}/  (simulated: what it received)`],
    ['Twilio', `${twilioUrl}/  (simulated: the second provider, for when the first cannot)`],
    ['Stripe', `${stripeUrl}/  (simulated: customers, invoices, payments)`],
    ['Mail', `${mailPageUrl}/  (what was written to the tenants)`],
    ['API key', `${access.apiKey}  (${access.tenant})`],
  ];
  return [
    '',
    ...lines.map(([name = '', text]) => `  ${paint('bold', name.padEnd(10))} ${text}`),
    '',
    '  Send one yourself:',
    `  curl ${apiUrl}/v1/sms/send -H 'Authorization: Bearer ${access.apiKey}' -H 'Content-Type: application/json' -d '${body}'`,
    '',
  ];
}

/** The operator password, the only time it is shown, or where it is. */
export function describePassword({ operatorPassword, secretsFile }: Access): string {
  if (operatorPassword !== null)
    return `password ${operatorPassword}  (shown this once, kept in ${secretsFile})`;
  return `the password was printed at the first start; it is in ${secretsFile}`;
}
