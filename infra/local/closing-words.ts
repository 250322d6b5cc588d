import { demoRecipient } from './demo/demo-tenants.ts';
import type { Verdict } from './story/judge-story.ts';
import type { Paint } from './terminal/colours.ts';

export type Addresses = { apiUrl: string; simulatorUrl: string };
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

/** Where everything is, how to get in, and a command to try. */
export function describeAccess({ apiUrl, simulatorUrl }: Addresses, access: Access, paint: Paint): string[] {
  const body = JSON.stringify({ to: demoRecipient, body: 'Hello from Tollgate' });
  const lines = [
    ['API', `${apiUrl}  (${apiUrl}/openapi.json)`],
    ['Queues', `${apiUrl}/admin/queues`],
    ['Operator', `${access.operatorEmail}, ${describePassword(access)}`],
    ['Simulator', `${simulatorUrl}  (what the provider received)`],
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
