import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { FaultCounts } from './fault-counts.ts';
import type { Simulators } from './outside.ts';
import type { Random } from './random.ts';

type SmsFaults = Parameters<Simulators['sms']['faults']['change']>[0];
type SendFault = NonNullable<SmsFaults['always']>;
type LookupFault = NonNullable<SmsFaults['lookups']>;
type ReportFaults = NonNullable<SmsFaults['reports']>;
type StripeFaults = Parameters<Simulators['stripe']['faults']['change']>[0];
type WriteFault = NonNullable<StripeFaults['always']>;
type ReadFault = NonNullable<StripeFaults['reads']>;
type MailFault = NonNullable<Parameters<Simulators['mail']['faults']['change']>[0]['always']>;

/** What was false in what the provider told us: the only excuses for a second SMS of a message. */
export type Lies = {
  /** Attempts that the provider took and refused in the same breath. */
  refused: Set<string>;
  /** Attempts that the provider took and, after the time it may take to list them, denied. */
  denied: Set<string>;
};

/** Decides by the seed what goes wrong outside, call by call. */
export type Mischief = {
  lies: Lies;
  beforeProvider(method: string, items: unknown): void;
  beforeStripe(method: string): void;
  beforeMail(): void;
  /** What the provider reports, charges and lists from now on. */
  changeMood(): void;
  /** Nothing goes wrong any more. */
  calm(): void;
};

export type MischiefOptions = {
  random: Random;
  simulators: Simulators;
  counts: FaultCounts;
  nowMs: () => number;
  /** How often a call goes wrong, per kind of outside. */
  rates: { provider: number; stripe: number; mail: number };
};

export function createMischief({ random, simulators, counts, nowMs, rates }: MischiefOptions): Mischief {
  const { sms, stripe, mail } = simulators;
  const lies: Lies = { refused: new Set(), denied: new Set() };
  let isCalm = false;
  const goesWrong = (rate: number) => !isCalm && random.chance(rate);

  function beforeSend(attempts: readonly { attemptId: string }[]): void {
    const fault = goesWrong(rates.provider) ? random.weighted(sendFaults) : undefined;
    sms.faults.change({ always: fault });
    if (!fault) return;
    counts.add(`provider send: ${describe(fault)}`);
    const isLie = fault.kind === 'status' && fault.afterTaking && fault.status < 500;
    if (isLie) for (const { attemptId } of attempts) lies.refused.add(attemptId);
  }

  function beforeLookUp(attempts: readonly { attemptId: string; category: string; openedAt: Date }[]): void {
    const fault = goesWrong(rates.provider) ? random.pick(lookupFaults) : undefined;
    sms.faults.change({ lookups: fault });
    if (fault) counts.add(`provider look-up: ${describe(fault)}`);
    const { listingLagMs } = sms.faults.current();
    const asked = new Map(attempts.map((attempt) => [attempt.attemptId, attempt]));
    for (const { payload, acceptedAt } of sms.received()) {
      const attempt = asked.get(String(payload?.attempt));
      if (!attempt || nowMs() - Date.parse(acceptedAt) > listingLagMs) continue;
      // The time that the provider may take to list a message, as the product's documents give it.
      const graceMs = attempt.category === 'priority' ? 2 * MINUTE_MS : 10 * MINUTE_MS;
      if (nowMs() - attempt.openedAt.getTime() >= graceMs - CLOCK_SKEW_MS) lies.denied.add(attempt.attemptId);
    }
  }

  return {
    lies,
    beforeProvider(method, items) {
      if (method === 'provider.send') beforeSend(items as { attemptId: string }[]);
      if (method === 'provider.checkAccount') beforeLookUp([]);
      if (method === 'provider.lookUp') beforeLookUp(items as Parameters<typeof beforeLookUp>[0]);
    },
    beforeStripe() {
      const fault = goesWrong(rates.stripe) ? random.weighted(stripeFaults) : undefined;
      stripe.faults.change({ always: fault?.write, reads: fault?.read });
      if (fault) counts.add(`stripe: ${describe(fault.write)}`);
    },
    beforeMail() {
      const fault = goesWrong(rates.mail) ? random.pick(mailFaults) : undefined;
      mail.faults.change({ always: fault });
      if (fault) counts.add(`mail: ${describe(fault)}`);
    },
    changeMood() {
      if (isCalm) return;
      const reports = random.chance(0.5) ? random.pick(reportMoods) : {};
      const lagMs = random.weighted(listingLags);
      const credit = random.chance(0.05) ? 1 : undefined;
      sms.faults.change({ reports, listingLagMs: lagMs, credit });
      for (const [name, value] of Object.entries(reports)) counts.add(`reports: ${name} ${value}`);
      if (lagMs > 0) counts.add(`listing lags by ${lagMs / SECOND_MS} s`);
      if (credit !== undefined) counts.add('provider credit used up');
      const twin = random.chance(0.2);
      const declinePayments = random.chance(0.1);
      stripe.faults.change({ webhooks: { twin }, declinePayments });
      if (twin) counts.add('stripe events: twins');
      if (declinePayments) counts.add('stripe declines payments');
    },
    calm() {
      isCalm = true;
      sms.faults.clear();
      stripe.faults.clear();
      mail.faults.clear();
    },
  };
}

/** How far the clocks of our processes stand from the provider's, at most. */
export const CLOCK_SKEW_MS = 5 * SECOND_MS;

const sendFaults: readonly (readonly [number, SendFault])[] = [
  [2, { kind: 'cut', afterTaking: true }],
  [2, { kind: 'cut', afterTaking: false }],
  [2, { kind: 'status', status: 500 }],
  [2, { kind: 'status', status: 500, afterTaking: true }],
  [1, { kind: 'status', status: 503, afterTaking: true }],
  [1, { kind: 'status', status: 429 }],
  [0.3, { kind: 'status', status: 429, afterTaking: true }],
  [1, { kind: 'status', status: 400 }],
  [0.3, { kind: 'status', status: 400, afterTaking: true }],
  [0.7, { kind: 'status', status: 401 }],
  [0.7, { kind: 'status', status: 403 }],
  [0.3, { kind: 'status', status: 403, afterTaking: true }],
  [0.7, { kind: 'auth400' }],
  [1, { kind: 'refuse' }],
  [2, { kind: 'partial', accepted: 1 }],
  [1, { kind: 'emptyAnswer' }],
  [1, { kind: 'keyAsNumber' }],
];

const lookupFaults: readonly LookupFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 429 },
  { kind: 'cut' },
];

const reportMoods: readonly ReportFaults[] = [
  { double: true },
  { reverse: true },
  { sending: true },
  { lose: 2 },
  { lose: 20 },
  { delayMs: 20 * SECOND_MS },
  { delayMs: 30 * MINUTE_MS },
  { partCount: 3 },
  { result: 'undelivered' },
  { result: 'failed' },
  { result: 'sentOnly' },
  { result: 'rejected', resultInfo: '[302] Invalid phone number' },
  { result: 'rejected', resultInfo: '[304] Blacklisted or opted out' },
  { result: 'rejected', resultInfo: '[306] Too many identical messages' },
  { result: 'rejected', resultInfo: '[307] Insufficient credit' },
  { result: 'undelivered', reverse: true, double: true },
];

/** Rarely longer than the time after which "absent" counts as "not taken". */
const listingLags: readonly (readonly [number, number])[] = [
  [10, 0],
  [3, 30 * SECOND_MS],
  [2, 100 * SECOND_MS],
  [0.5, 20 * MINUTE_MS],
];

const stripeFaults: readonly (readonly [number, { write: WriteFault; read: ReadFault }])[] = [
  [2, { write: { kind: 'cut', afterWriting: true }, read: { kind: 'cut' } }],
  [2, { write: { kind: 'cut', afterWriting: false }, read: { kind: 'cut' } }],
  [2, { write: { kind: 'status', status: 500 }, read: { kind: 'status', status: 500 } }],
  [2, { write: { kind: 'status', status: 500, afterWriting: true }, read: { kind: 'status', status: 500 } }],
  [1, { write: { kind: 'status', status: 429 }, read: { kind: 'status', status: 429 } }],
  [1, { write: { kind: 'lockTimeout' }, read: { kind: 'status', status: 429 } }],
  [1, { write: { kind: 'status', status: 409 }, read: { kind: 'cut' } }],
  [1, { write: { kind: 'status', status: 401 }, read: { kind: 'status', status: 401 } }],
  [1, { write: { kind: 'status', status: 403 }, read: { kind: 'status', status: 403 } }],
  [0.2, { write: { kind: 'status', status: 400 }, read: { kind: 'status', status: 404 } }],
];

const mailFaults: readonly MailFault[] = [
  { kind: 'refuse', code: 451, at: 'data' },
  { kind: 'refuse', code: 450, at: 'recipient' },
  { kind: 'refuse', code: 550, at: 'recipient' },
  { kind: 'cut', afterAccepting: true },
  { kind: 'cut', afterAccepting: false },
];

function describe(fault: SendFault | LookupFault | WriteFault | MailFault): string {
  return Object.values(fault)
    .map((value) =>
      value === true ? 'after it took effect' : value === false ? 'before it took effect' : value,
    )
    .join(' ');
}
