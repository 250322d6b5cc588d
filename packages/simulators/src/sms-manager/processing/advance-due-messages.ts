import { chargeCredit, countLostReports, type FaultSwitches } from '../faults/fault-switches.ts';
import { numberToMicros, priceOf } from '../messages/prices.ts';
import { reportBody } from '../reports/report-body.ts';
import { planReports } from '../reports/report-plan.ts';
import type { DueStep } from '../state/message-table.ts';
import type { State } from '../state/open-state.ts';
import { type Advance, afterEnding, afterSending } from './advance-message.ts';
import { decideResult, type SendingFacts } from './decide-result.ts';

const stepsMax = 500;

export interface AdvanceDeps {
  state: State;
  faults: FaultSwitches;
  now: () => Date;
  newId: () => string;
  /** From sent to the end of a message. */
  endsAfterMs: number;
}

/** Takes up to 500 messages whose step is due one step on and returns how many; their reports become due rows. */
export function advanceDueMessages(deps: AdvanceDeps): number {
  return advanceAll(deps, deps.state.messages.dueSteps(deps.now().getTime(), stepsMax));
}

/** Like `advanceDueMessages` without waiting for the steps to be due; messages scheduled for later stay. */
export function advanceOpenMessages(deps: AdvanceDeps): number {
  return advanceAll(deps, deps.state.messages.openSteps(deps.now().getTime(), stepsMax));
}

function advanceAll(deps: AdvanceDeps, steps: DueStep[]): number {
  if (steps.length === 0) return 0;
  deps.state.transaction(() => {
    for (const step of steps) advanceOne(deps, step);
  });
  return steps.length;
}

function advanceOne(deps: AdvanceDeps, due: DueStep): void {
  const { state, faults, endsAfterMs } = deps;
  const occurredAt = deps.now();
  const advance = decideAdvance(deps, due, occurredAt);
  if (advance.progress.charged && !due.progress.charged) {
    chargeCredit(faults, priceOf(due.message, advance.progress.parts).czkMicros);
  }
  state.messages.save(due.seq, advance.progress, advance.next);
  const url = due.message.callbackUrl;
  if (url === null) return;
  const reports = planReports(advance.happenings, faults.current().reports, endsAfterMs);
  for (const report of reports) {
    const body = reportBody(due.message, advance.progress.parts, report, occurredAt);
    const { result, dueAt, lost } = report;
    const requestId = deps.newId();
    state.reports.insert({ messageId: due.message.id, result, url, body, requestId, dueAt, lost });
  }
  countLostReports(faults, reports.filter((report) => report.lost).length);
}

function decideAdvance(deps: AdvanceDeps, due: DueStep, occurredAt: Date): Advance {
  const at = { occurredAt: occurredAt.toISOString(), dueAt: due.dueAt, endsAfterMs: deps.endsAfterMs };
  if (due.step.kind === 'end') return afterEnding(due.progress, due.step, at);
  const { reports } = deps.faults.current();
  const progress = { ...due.progress, parts: reports.partCount ?? due.progress.parts };
  const result = decideResult(due.message, sendingFacts(deps, due, progress.parts), reports);
  return afterSending(progress, result, at);
}

function sendingFacts({ state, faults }: AdvanceDeps, due: DueStep, parts: number): SendingFacts {
  const { credit, identicalLimit } = faults.current();
  const { phoneNumber } = due.message;
  return {
    blacklisted: state.contacts.has('blacklist', phoneNumber),
    optedOut: state.contacts.has('optout', phoneNumber),
    identicalBefore: identicalLimit === undefined ? 0 : state.messages.countIdentical(due),
    identicalLimit,
    priceMicros: priceOf(due.message, parts).czkMicros,
    creditMicros: credit === undefined ? undefined : numberToMicros(credit),
  };
}
