import type { Submission, SubmissionResult } from '../../services/api/src/messages/submit-messages.ts';
import type { RequestPlan } from './plan-run.ts';
import type { SimulatedTenant } from './prepare-tenants.ts';
import type { Processes } from './processes.ts';
import { DiedError } from './processes.ts';
import type { StepLog } from './step-log.ts';

/** A request as an application makes it: repeated under its key until it gets an answer. */
export type ClientRequest = {
  plan: RequestPlan;
  tenant: SimulatedTenant;
  /** The first time it was sent; a repetition is the same request. */
  request: Submission['request'] | null;
  isWaiting: boolean;
  answers: SubmissionResult[];
};

export type Client = {
  unanswered(): ClientRequest[];
  send(requests: readonly ClientRequest[]): void;
  requests: readonly ClientRequest[];
  /** Requests that failed in a way that nothing explains. */
  surprises(): readonly string[];
};

export type ClientOptions = {
  plans: readonly RequestPlan[];
  tenants: readonly SimulatedTenant[];
  processes: Processes;
  log: StepLog;
  now: () => Date;
};

/** The tenants' applications. */
export function createClient({ plans, tenants, processes, log, now }: ClientOptions): Client {
  const surprises: string[] = [];
  const requests = plans.map(
    (plan): ClientRequest => ({
      plan,
      tenant: tenants[plan.tenant] as SimulatedTenant,
      request: null,
      isWaiting: false,
      answers: [],
    }),
  );

  async function send(sent: ClientRequest): Promise<void> {
    const { plan, tenant } = sent;
    sent.request ??= plan.build(now());
    sent.isWaiting = true;
    const submission: Submission = {
      caller: tenant[plan.mode],
      request: sent.request,
      idempotencyKey: plan.key,
      traceParent: null,
    };
    try {
      const result = await processes.askApi((api) => api.submit(submission));
      sent.answers.push(result);
      log.add(
        `${plan.label} is ${result.kind}${result.kind === 'refused' ? `: ${result.problem.code}` : ''}`,
      );
    } catch (error) {
      if (!(error instanceof DiedError))
        surprises.push(`${plan.label} failed: ${String(error).slice(0, 400)}`);
    }
    sent.isWaiting = false;
  }

  return {
    requests,
    surprises: () => surprises,
    unanswered: () => requests.filter(({ answers, isWaiting }) => answers.length === 0 && !isWaiting),
    send(chosen) {
      for (const request of chosen) void send(request);
    },
  };
}
