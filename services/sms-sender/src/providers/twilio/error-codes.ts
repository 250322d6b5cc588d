import { NOT_TAKEN } from '@tollgate/shared/messages/attempts.ts';
import { RECIPIENT_OPTED_OUT, type SubmissionOutcome } from '../sms-provider.ts';

/** What a code says of a message; the same code can come with a refusal or with a report. */
export type CodeClass =
  /** The account: nothing more can be sent until it is put right. */
  | 'account'
  /** The sender that was asked for, or the one that our Messaging Service has. */
  | 'sender'
  /** The country or the combination of numbers: this provider does not carry it. */
  | 'route'
  | 'recipient'
  | 'opted_out'
  | 'content'
  | 'throttled'
  | 'temporary';

// https://www.twilio.com/docs/api/errors. Twilio splits and renames codes, so a code that is not here decides nothing.
const classes: Record<CodeClass, readonly number[]> = {
  account: [20003, 20005, 21608, 30002],
  sender: [21606, 21659],
  route: [21408, 21612],
  recipient: [21211, 21614, 30005, 30006],
  opted_out: [21610, 30004],
  content: [21617, 30007],
  throttled: [20429],
  temporary: [30001, 30003, 30008],
};

const classOf = new Map(
  (Object.keys(classes) as CodeClass[]).flatMap((name) => classes[name].map((code) => [code, name] as const)),
);

/** The class of a code; undefined for one that is not known here. */
export function classifyCode(code: number): CodeClass | undefined {
  return classOf.get(code);
}

const failureCodes: Partial<Record<CodeClass, string>> = {
  recipient: 'invalid_recipient',
  opted_out: RECIPIENT_OPTED_OUT,
  content: 'content_refused',
};

/** Our failure code for a code of Twilio's; `fallback` where it says nothing that we could act on. */
export function failureCodeOf(code: number | null, fallback: string): string {
  const known = code === null ? undefined : classifyCode(code);
  return (known && failureCodes[known]) ?? fallback;
}

/**
 * What a refusal with a known code means. A sender that the tenant asked for concerns its message only; one
 * of our own Messaging Service concerns everybody's.
 */
export function outcomeOfCode(
  known: CodeClass,
  detail: string,
  { hasOwnSender, code }: { hasOwnSender: boolean; code: number },
): SubmissionOutcome {
  switch (known) {
    case 'account':
      return { kind: 'provider_blocked', detail };
    case 'sender':
      return hasOwnSender ? { kind: 'unroutable', detail } : { kind: 'provider_blocked', detail };
    case 'route':
      return { kind: 'unroutable', detail };
    case 'throttled':
      return { kind: 'throttled', detail };
    case 'temporary':
      return { kind: 'unavailable', code: NOT_TAKEN, detail };
    case 'recipient':
    case 'opted_out':
    case 'content':
      return { kind: 'rejected', code: failureCodeOf(code, 'provider_refused'), detail };
  }
}
