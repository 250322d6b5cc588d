import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { FaultSwitches } from '../faults/fault-switches.ts';
import { Faults } from '../faults/faults.ts';
import { describeMistakes } from '../messages/message-schema.ts';
import type { ReceivedMessage } from '../messages/received-message.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import type { RequestCounts } from './count-requests.ts';
import { refuseErrors } from './refuse-errors.ts';

const bodyBytesMax = 1024 * 1024;
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
  const { faults } = deps;
  const router = Router();
  router.use(express.json({ limit: bodyBytesMax, type: 'application/json' }));
  router.get('/faults', (_request, response) => void response.json(faults.current()));
  router.put('/faults', (request, response) => {
    const given = Faults.safeParse(request.body);
    if (!given.success) return void response.status(400).json({ message: describeMistakes(given.error) });
    response.json(faults.set(given.data));
  });
  router.get('/messages', (request, response) => listMessages(deps, request, response));
  router.get('/requests', (_request, response) => void response.json(deps.requests()));
  router.post('/flush', async (_request, response) => {
    await deps.flushReports();
    response.status(204).end();
  });
  router.post('/reset', (_request, response) => {
    deps.reset();
    response.status(204).end();
  });
  router.use((_request, response) => void response.status(404).json({ message: 'Not Found' }));
  router.use(refuseErrors('message', deps.onEvent));
  return router;
}

function listMessages(deps: ControlRoutesDeps, request: Request, response: Response): void {
  const page = Page.safeParse(request.query);
  if (!page.success) {
    response.status(400).json({ message: describeMistakes(page.error) });
    return;
  }
  const { messages, last } = deps.list(page.data.after, page.data.limit);
  response.json({ messages, next: messages.length === page.data.limit ? last : null });
}
