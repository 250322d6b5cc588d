import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { controlRoutes as commonRoutes } from '../../common/control-routes.ts';
import type { RequestCounts } from '../../common/count-requests.ts';
import type { FaultSwitches } from '../faults/fault-switches.ts';
import type { FaultsInput } from '../faults/faults.ts';
import type { ReceivedMessage } from '../messages/received-message.ts';
import type { SimulatorEvent } from '../simulator-event.ts';

const pageMax = 1000;

const Page = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(pageMax).default(pageMax),
});

export interface ControlRoutesDeps {
  faults: FaultSwitches;
  /** Returns messages in the order of their arrival, leaving out the first `after` numbers. */
  list: (after: number, limit: number) => { messages: ReceivedMessage[]; last: number | null };
  requests: () => RequestCounts;
  flushReports: () => Promise<void>;
  reset: () => void;
  onEvent: (event: SimulatorEvent) => void;
}

/** Returns the routes under `/simulator` that the provider itself does not have. */
export function controlRoutes(deps: ControlRoutesDeps): Router {
  const { faults, requests, reset, onEvent } = deps;
  const common = {
    faults: { current: faults.current, set: (given: unknown) => faults.set(given as FaultsInput) },
    requests,
    reset,
    flush: deps.flushReports,
    onError: (error: string) => onEvent({ msg: 'internal error', error }),
  };
  return commonRoutes(common, (router) => {
    router.get('/messages', (request, response) => listMessages(deps, request, response));
  });
}

function listMessages(deps: ControlRoutesDeps, request: Request, response: Response): void {
  const { after, limit } = Page.parse(request.query);
  const { messages, last } = deps.list(after, limit);
  response.json({ messages, next: messages.length === limit ? last : null });
}
