import type { Request, Response, Router } from 'express';
import { controlRoutes } from '../../common/control-routes.ts';
import type { RequestCounts } from '../../common/count-requests.ts';
import type { AccountAdvance } from '../advance/advance-account.ts';
import type { FaultSwitches } from '../faults/fault-switches.ts';
import type { FaultsInput } from '../faults/faults.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import { StripeRefusal } from '../wire/stripe-refusal.ts';
import type { Bank } from './bank.ts';

export interface StripeControlDeps {
  faults: FaultSwitches;
  advance: AccountAdvance;
  bank: Bank;
  requests: () => RequestCounts;
  flushWebhooks: () => Promise<void>;
  reset: () => void;
  onEvent: (event: SimulatorEvent) => void;
}

/** Returns the routes under `/simulator` that Stripe itself does not have. */
export function stripeControl(deps: StripeControlDeps): Router {
  const { advance, bank, faults, requests, reset, onEvent } = deps;
  const common = {
    faults: { current: faults.current, set: (given: unknown) => faults.set(given as FaultsInput) },
    requests,
    reset,
    flush: deps.flushWebhooks,
    onError: (error: string) => onEvent({ msg: 'internal error', error }),
  };
  return controlRoutes(common, (router) => {
    router.post(
      '/subscriptions/:id/renew',
      answer(({ params }) => advance.renewSubscription(params.id ?? '')),
    );
    router.post(
      '/invoices/:id/pay',
      answer(({ params }) => advance.payInvoice(params.id ?? '')),
    );
    router.post('/advance', answer(advanceDue));
    router.post(
      '/checkout/:id/pay',
      answer(({ params, body }) => bank.payCheckout(params.id ?? '', body)),
    );
    router.post(
      '/checkout/:id/settle',
      answer(({ params, body }) => bank.settleCheckout(params.id ?? '', body)),
    );
    router.post(
      '/refunds/:id/fail',
      answer(({ params }) => bank.failRefund(params.id ?? '')),
    );
    router.post(
      '/disputes',
      answer(({ body }) => bank.openDispute(body)),
    );
    router.post(
      '/disputes/:id/withdraw',
      answer(({ params }) => bank.moveDispute(params.id ?? '', 'withdrawn')),
    );
    router.post(
      '/disputes/:id/reinstate',
      answer(({ params }) => bank.moveDispute(params.id ?? '', 'reinstated')),
    );
    router.post(
      '/disputes/:id/close',
      answer(({ params, body }) => bank.closeDispute(params.id ?? '', body)),
    );
    router.post(
      '/early_fraud_warnings',
      answer(({ body }) => bank.warnOfFraud(body)),
    );
    router.post(
      '/meter_errors',
      answer(({ body }) => bank.reportMeterErrors(body)),
    );
  });

  function advanceDue(): object {
    advance.advanceDue();
    return {};
  }
}

function answer(work: (request: Request<Record<string, string>>) => object | null) {
  return (request: Request<Record<string, string>>, response: Response): void => {
    try {
      response.json(work(request));
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      response.status(error.status).json({ message: error.message });
    }
  };
}
