import type { PendingReport } from '../state/report-table.ts';
import { signReport } from './sign-report.ts';

export interface PostReportDeps {
  callbackSecret: string | undefined;
  timeoutMs: number;
  /** Aborted when the simulator stops. */
  stopping: AbortSignal;
}

/** What came of one attempt: any 2xx is success, everything else (a redirect too) is not. */
export interface PostedReport {
  answered: boolean;
  /** Status code, `timeout` or `no connection`. */
  answer: string;
}

/** Posts a report once and returns what came of it; a network failure is a result, not an error. */
export async function postReport(deps: PostReportDeps, report: PendingReport): Promise<PostedReport> {
  const { url, authorization } = splitCredentials(report.url);
  const timeout = AbortSignal.timeout(deps.timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([timeout, deps.stopping]),
      body: report.body,
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'SmsManager-Webhook/1.0',
        'X-Request-Id': report.requestId,
        ...(deps.callbackSecret && { 'X-Request-Signature': signReport(report.body, deps.callbackSecret) }),
        ...(authorization && { Authorization: authorization }),
      },
    });
    await response.body?.cancel();
    return { answered: response.ok, answer: String(response.status) };
  } catch {
    return { answered: false, answer: timeout.aborted ? 'timeout' : 'no connection' };
  }
}

// `https://user:password@host/` is allowed as a callback, and fetch refuses such addresses.
function splitCredentials(callback: string): { url: string; authorization: string | null } {
  const url = new URL(callback);
  if (url.username === '' && url.password === '') return { url: callback, authorization: null };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url: url.href, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
