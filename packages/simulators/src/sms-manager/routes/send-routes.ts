import express, { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import { endpointOf, type RequestCounter } from '../../common/count-requests.ts';
import { describeMistakes } from '../../common/describe-mistakes.ts';
import { decideAnswer, type SendOutcome } from '../faults/decide-answer.ts';
import { type FaultSwitches, takeSendFault } from '../faults/fault-switches.ts';
import { acceptMessages, type Submission } from '../messages/accept-messages.ts';
import { Message, Messages } from '../messages/message-schema.ts';
import type { Endpoint } from '../messages/received-message.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import { authenticate } from './authenticate.ts';
import { refuseErrors } from './refuse-errors.ts';

const bodyBytesMax = 128 * 1024;

export interface SendRoutesDeps {
  apiKey: string;
  faults: FaultSwitches;
  counter: RequestCounter;
  now: () => Date;
  newId: () => string;
  /** Stores what was taken over before the answer leaves. */
  take: (submissions: Submission[]) => void;
  onEvent: (event: SimulatorEvent) => void;
}

/** Returns the routes of JSON API v2: `/message`, `/message/priority` and `/messages`. */
export function sendRoutes(deps: SendRoutesDeps): Router {
  const router = Router();
  router.use(authenticate(deps.apiKey, 'Message'));
  router.use(express.json({ limit: bodyBytesMax, type: 'application/json', strict: false }));
  router.post('/message', send(deps, 'message', Message));
  router.post('/message/priority', send(deps, 'message/priority', Message));
  router.post('/messages', send(deps, 'messages', Messages));
  router.use((_request, response) => void response.status(404).json({ Message: 'Not Found' }));
  router.use(refuseErrors('Message', deps.onEvent));
  return router;
}

function send(deps: SendRoutesDeps, endpoint: Endpoint, schema: z.ZodType<Message | Message[]>) {
  return (request: Request, response: Response): void => {
    const parsed = schema.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ Message: describeMistakes(parsed.error) });
      return;
    }
    const requestId = deps.newId();
    const submissions = acceptMessages([parsed.data].flat(), {
      endpoint,
      requestId,
      acceptedAt: deps.now(),
      newId: deps.newId,
      promotionalHours: deps.faults.current().promotionalHours,
    });
    const fault = takeSendFault(deps.faults);
    if (fault) deps.onEvent({ msg: 'fault used', endpoint, fault: fault.kind });
    const outcome = decideAnswer(requestId, submissions, fault);
    takeOver(deps, endpoint, requestId, outcome);
    answer(deps.counter, endpoint, response, outcome);
  };
}

function takeOver(deps: SendRoutesDeps, endpoint: Endpoint, requestId: string, { taken }: SendOutcome): void {
  if (taken.length === 0) return;
  deps.take(taken);
  const messageIds = taken.flatMap(({ messages }) => messages.map(({ id }) => id));
  deps.onEvent({ msg: 'messages taken', endpoint, requestId, messageIds });
}

function answer(
  counter: RequestCounter,
  endpoint: Endpoint,
  response: Response,
  { answer }: SendOutcome,
): void {
  if (answer.kind === 'json') {
    response.status(answer.status).json(answer.body);
    return;
  }
  counter.add(endpointOf('POST', `/v2/${endpoint}`), answer.kind);
  if (answer.kind === 'cut') response.req.socket.destroy();
}
