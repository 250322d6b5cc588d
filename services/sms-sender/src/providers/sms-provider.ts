import type { NOT_TAKEN } from '@tollgate/shared/messages/attempts.ts';
import type { MessageCategory } from '@tollgate/shared/messages/categories.ts';
import type { ReportResult } from '@tollgate/shared/messages/delivery-reports.ts';
import type { MessageMode } from '@tollgate/shared/messages/message.ts';
import type { ListWish } from '@tollgate/shared/opt-outs/block-list.ts';
import type { Encoding } from '@tollgate/shared/text/segments.ts';

/** One message on its way to the provider; the attempt id travels with it and comes back in reports. */
export type Submission = {
  attemptId: string;
  /** E.164 */
  recipient: string;
  sender: string | null;
  body: string;
  encoding: Encoding;
  category: MessageCategory;
  mode: MessageMode;
  /** Not to be posted after this: by then others may have judged that it never was. */
  notAfter: Date;
};

/**
 * Who is to blame: the provider answered and did not take this message; it could not be reached; we
 * did not post in time, or could not. Only the first speaks against the message.
 */
export type UnavailableCode = typeof NOT_TAKEN | 'not_reached' | 'not_posted';

/** What the provider's answer means. Only the adapter decides it, by status and code. */
export type SubmissionOutcome =
  | { kind: 'accepted'; providerMessageId: string; providerRequestId: string | null }
  | { kind: 'rejected'; code: string; detail: string }
  /** Refused by this provider only, for its sender or its country: another one may carry it. */
  | { kind: 'unroutable'; detail: string }
  /** Not taken: too many requests. */
  | { kind: 'throttled'; detail: string }
  /** Not taken, and certainly so: safe to try again. */
  | { kind: 'unavailable'; code: UnavailableCode; detail: string }
  /** Taken or not, nobody knows: never sent again while that is so. */
  | { kind: 'unknown'; detail: string }
  /** The account is at fault (key, credit), not the message. */
  | { kind: 'provider_blocked'; detail: string };

/** What may be claimed for a provider now: everything, one message that probes it, or nothing. */
export type Admission =
  | { kind: 'all' }
  /** `forgo` gives the probe back when there was nothing to send. The rest waits until `until`. */
  | { kind: 'probe'; until: Date; forgo: () => void }
  | { kind: 'none'; until: Date };

/** Whether the provider's account could send now: its key is known and it has credit. */
export type AccountCheck =
  | { kind: 'ready' }
  | { kind: 'blocked'; detail: string }
  | { kind: 'unavailable'; detail: string };

/** The failure code of a message whose recipient wants nothing more from its sender. */
export const RECIPIENT_OPTED_OUT = 'recipient_opted_out';

/** What the provider reports of an attempt. */
export type ProviderReport = {
  attemptId: string;
  result: ReportResult;
  /** Our failure code for results that are failures; null otherwise. */
  failureCode: string | null;
  detail: string | null;
  occurredAt: Date;
  providerMessageId: string | null;
  /** Parts and price as the provider counts them: cost, never what the tenant pays. */
  parts: number | null;
  costMicros: bigint | null;
  /** ISO 4217; null where the cost is not known. */
  costCurrency: string | null;
};

/** What somebody answered to a message, or wrote to one of our numbers. */
export type InboundMessage = {
  /** The attempt that it replies to; null where the provider names none. */
  attemptId: string | null;
  /** E.164 */
  from: string;
  /** The number of ours that it was sent to, as `+` and digits, where the provider tells. */
  to?: string;
  body: string;
};

/** What a webhook says. */
export type ReadEvents = {
  reports: ProviderReport[];
  inbound: InboundMessage[];
  /** Events that are not in a documented form. */
  ignored: number;
};

export type AttemptReference = {
  attemptId: string;
  category: MessageCategory;
  openedAt: Date;
  providerMessageId: string | null;
  /** E.164 */
  recipient: string;
  sender: string | null;
  /** The text as it was handed over; null where it does not open any more. */
  openBody: () => string | null;
};

/** What a provider asks for a message, once it knows. */
export type ProviderCost = { parts: number | null; micros: bigint; currency: string };

export type LookUpResult =
  | { kind: 'found'; attemptId: string; reports: ProviderReport[]; cost?: ProviderCost }
  | { kind: 'absent'; attemptId: string }
  | { kind: 'unavailable'; attemptId: string; detail: string };

export type SmsProvider = {
  name: string;
  /** Whether it can take messages of test keys without sending them. */
  carriesTests: boolean;
  /** Whether it knows the price only after the message has ended, so that it is asked for. */
  pricesLater: boolean;
  /** Whether a reply says which message it answers. */
  namesReplies: boolean;
  /** Asked before messages are claimed. */
  admit(): Admission;
  /** Hands messages over; one outcome per submission, in order. Never throws for the provider's sake. */
  send(submissions: readonly Submission[]): Promise<SubmissionOutcome[]>;
  /** Asks what became of attempts; one result per attempt, in order. */
  lookUp(attempts: readonly AttemptReference[]): Promise<LookUpResult[]>;
  /** Looks at the account without sending anything. Never throws for the provider's sake. */
  checkAccount(): Promise<AccountCheck>;
  /** Has its own black list add or remove numbers, where it keeps one; null once it did, else why not. */
  tellBlockList?(wish: ListWish, recipients: readonly string[]): Promise<string | null>;
};

/** The providers that this process speaks to, by name, the one to be asked first in front. */
export type Providers = ReadonlyMap<string, SmsProvider>;

/** The providers under their names, in the order in which they are asked where no route says otherwise. */
export function providersByName(providers: readonly SmsProvider[]): Providers {
  return new Map(providers.map((provider) => [provider.name, provider]));
}
