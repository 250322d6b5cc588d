import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { RequestCounter } from '../../common/count-requests.ts';
import { type FaultSwitches, takeSendFault } from '../faults/fault-switches.ts';
import { acceptMessage } from '../messages/accept-message.ts';
import { messageView } from '../messages/message-view.ts';
import { readParameters } from '../messages/read-parameters.ts';
import type { Progress, SubmittedMessage } from '../messages/twilio-message.ts';
import type { State } from '../state/open-state.ts';
import { errorBody } from '../twilio-error.ts';
import type { TwilioEvent } from '../twilio-event.ts';
import { authenticate } from './authenticate.ts';
import { listMessages } from './list-messages.ts';

const bodyBytesMax = 64 * 1024;

export interface MessageRoutesDeps {
  accountSid: string;
  authToken: string;
  state: State;
  faults: FaultSwitches;
  counter: RequestCounter;
  now: () => Date;
  pricedAfterMs: number;
  sentAfterMs: number;
  wake: (at: number) => void;
  onEvent: (event: TwilioEvent) => void;
}

/** Returns the routes of one account: sending, fetching and listing messages, and the account itself. */
export function messageRoutes(deps: MessageRoutesDeps): Router {
  const { accountSid, authToken, state, faults } = deps;
  const router = Router();
  router.use(authenticate(accountSid, authToken));
  router.post(
    '/Messages.json',
    express.text({ type: 'application/x-www-form-urlencoded', limit: bodyBytesMax }),
    (request, response) => send(deps, request, response),
  );
  router.use((_request, response, next) => {
    const fault = faults.current().lookups;
    if (fault === undefined) return next();
    if (fault.kind === 'cut') return void response.req.socket.destroy();
    if (fault.kind === 'status') {
      response.status(fault.status).json(errorBody(fault.status, fault.code, fault.message));
    }
  });
  router.get('/Messages.json', (request, response) => listMessages(deps, request, response));
  router.get('/Messages/:name', (request, response) => {
    const row = state.messages.find(request.params.name.replace(/\.json$/, ''));
    if (!row) return void response.status(404).json(errorBody(404));
    response.json(messageView(row, { ...deps, now: deps.now() }));
  });
  router.use((_request, response) => void response.status(404).json(errorBody(404)));
  router.use(refuseErrors(deps.onEvent));
  return router;
}

/** Returns the account resource, for whoever asks with its credentials. */
export function accountRoute(deps: Pick<MessageRoutesDeps, 'accountSid' | 'authToken' | 'faults'>): Router {
  const { accountSid, authToken, faults } = deps;
  return Router().get(`/${accountSid}.json`, authenticate(accountSid, authToken), (_request, response) => {
    const { lookups, account } = faults.current();
    if (lookups?.kind === 'status') {
      return void response
        .status(lookups.status)
        .json(errorBody(lookups.status, lookups.code, lookups.message));
    }
    if (lookups?.kind === 'cut') return void response.req.socket.destroy();
    if (lookups?.kind === 'hang') return;
    response.json({ sid: accountSid, friendly_name: 'simulator', status: account, type: 'Full' });
  });
}

function send(deps: MessageRoutesDeps, request: Request, response: Response): void {
  const { faults, counter, now, onEvent } = deps;
  const given = readParameters(new URLSearchParams(typeof request.body === 'string' ? request.body : ''));
  if ('code' in given) {
    response.status(400).json(errorBody(400, given.code, given.message));
    return;
  }
  const refusal = refuseSending(deps, given.to);
  if (refusal) {
    response.status(refusal.status).json(errorBody(refusal.status, refusal.code, refusal.message));
    return;
  }
  const fault = takeSendFault(faults);
  if (fault) onEvent({ msg: 'fault used', fault: fault.kind });
  const { message, progress } = acceptMessage(given, now());
  if (fault === undefined || fault.afterTaking) take(deps, message, progress);
  switch (fault?.kind) {
    case undefined:
      response.status(201).json(messageView({ seq: 0, message, progress }, { ...deps, now: now() }));
      return;
    case 'status':
      response.status(fault.status).json(errorBody(fault.status, fault.code, fault.message));
      return;
    case 'emptyAnswer':
      response.status(201).json({});
      return;
    case 'cut':
    case 'hang':
      counter.add('POST Messages.json', fault.kind);
      if (fault.kind === 'cut') request.socket.destroy();
  }
}

type Refusal = { status: number; code: number; message: string };

function refuseSending({ faults, state }: MessageRoutesDeps, to: string): Refusal | null {
  if (faults.current().account !== 'active')
    return { status: 403, code: 20005, message: 'Account not active' };
  if (state.optOuts.has(to)) {
    return { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' };
  }
  return null;
}

function take(
  { state, now, sentAfterMs, wake, onEvent }: MessageRoutesDeps,
  message: SubmittedMessage,
  progress: Progress,
): void {
  const at = now().getTime() + sentAfterMs;
  state.messages.insert(message, progress, { step: 'send', at });
  wake(at);
  onEvent({ msg: 'message taken', sid: message.sid });
}

function refuseErrors(onEvent: (event: TwilioEvent) => void): ErrorRequestHandler {
  // Express tells an error handler from a plain one by its four parameters.
  return (error, _request, response, _next) => {
    const status: unknown = error?.status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return void response.status(400).json(errorBody(400, 20001, 'Request cannot be read'));
    }
    onEvent({ msg: 'internal error', error: error instanceof Error ? String(error.stack) : String(error) });
    response.status(500).json(errorBody(500, 20500, 'Internal server error'));
  };
}
