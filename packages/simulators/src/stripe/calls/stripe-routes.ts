import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { endpointOf, type RequestCounter } from '../../common/count-requests.ts';
import { apiVersion } from '../events/stripe-event.ts';
import { errorOf } from '../faults/decide-write.ts';
import { readFault } from '../faults/fault-switches.ts';
import { newId } from '../new-id.ts';
import { matchOperation } from '../operations.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import type { StoredAnswer } from '../state/answer-table.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { type AnswerWriteDeps, answerWrite, type WriteReply } from './answer-write.ts';
import { authenticate } from './authenticate.ts';
import { refusalAnswer, runOperation } from './run-operation.ts';
import { readCall, type StripeCall } from './stripe-call.ts';
import { accountForReading } from './with-account.ts';

const bodyBytesMax = 1024 * 1024;

export interface StripeRoutesDeps extends Omit<AnswerWriteDeps, 'keysInFlight' | 'onFault'> {
  secretKey: string;
  counter: RequestCounter;
  onEvent: (event: SimulatorEvent) => void;
}

/** Returns the routes of Stripe's API under `/v1`. */
export function stripeRoutes(deps: StripeRoutesDeps): Router {
  const keysInFlight = new Set<string>();
  const router = Router();
  router.use((request, response, next) => {
    response.locals.requestId = newId('req');
    const matched = matchOperation(request.method, request.path);
    response.locals.endpoint = endpointOf(request.method, matched?.operation.path ?? request.path);
    next();
  });
  router.use(authenticate(deps.secretKey));
  router.use(express.text({ limit: bodyBytesMax, type: () => true }));
  router.use((request, response) => {
    const call = callOf(request);
    const { endpoint, requestId } = response.locals;
    if (request.method === 'GET') return void answerRead(deps, call, response);
    const onFault = (fault: WriteReply['kind'] | 'status' | 'lockTimeout') => {
      if (fault !== 'answer') deps.onEvent({ msg: 'stripe fault used', endpoint, fault });
    };
    const reply = answerWrite({ ...deps, keysInFlight, onFault }, call, requestId);
    if (reply.kind === 'answer') {
      return void send(
        deps,
        response,
        reply.answer,
        { ...reply.headers, ...keyHeader(call) },
        reply.isReplayed,
      );
    }
    const { idempotencyKey: key } = call;
    if (reply.isRunning && reply.kind === 'hang' && key !== null) {
      keysInFlight.add(key);
      response.once('close', () => keysInFlight.delete(key));
    }
    breakOff(deps, response, reply.kind);
  });
  router.use(answerErrors(deps));
  return router;
}

function callOf(request: Request): StripeCall {
  const version = request.get('stripe-version') ?? apiVersion;
  if (version !== apiVersion) throw invalidRequest(`This simulator speaks API version ${apiVersion} only.`);
  const body = typeof request.body === 'string' ? request.body : '';
  const contentType = request.get('content-type') ?? '';
  if (body !== '' && !contentType.startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest('Invalid request: the content type must be application/x-www-form-urlencoded.');
  }
  const [path = '', query = ''] = request.originalUrl.split('?');
  return readCall({
    method: request.method,
    path: decodeURIComponent(path),
    query,
    body,
    idempotencyKey: request.get('idempotency-key'),
  });
}

function answerRead(deps: StripeRoutesDeps, call: StripeCall, response: Response): void {
  const { requestId, endpoint } = response.locals;
  const fault = readFault(deps.faults, call.path);
  if (fault !== undefined) deps.onEvent({ msg: 'stripe fault used', endpoint, fault: fault.kind });
  if (fault?.kind === 'cut' || fault?.kind === 'hang') {
    breakOff(deps, response, fault.kind);
    return;
  }
  if (fault !== undefined) throw new StripeRefusal(fault.status, errorOf(fault.status));
  send(deps, response, runOperation(accountForReading(deps), call, requestId), {}, false);
}

function send(
  deps: StripeRoutesDeps,
  response: Response,
  answer: StoredAnswer,
  headers: Record<string, string>,
  isReplayed: boolean,
): void {
  const { requestId, endpoint } = response.locals;
  // Counted before the answer leaves, so that the client never sees it first.
  deps.counter.add(endpoint, String(answer.status));
  deps.onEvent({ msg: 'stripe call', endpoint, requestId, status: answer.status, isReplayed });
  response.set({ 'Request-Id': requestId, 'Stripe-Version': apiVersion, ...headers });
  response.status(answer.status).type('json').send(answer.body);
}

function breakOff(deps: StripeRoutesDeps, response: Response, kind: 'cut' | 'hang'): void {
  deps.counter.add(response.locals.endpoint, kind);
  if (kind === 'cut') response.req.socket.destroy();
}

function keyHeader({ idempotencyKey }: StripeCall): Record<string, string> {
  return idempotencyKey === null ? {} : { 'Idempotency-Key': idempotencyKey };
}

function answerErrors(deps: StripeRoutesDeps): ErrorRequestHandler {
  // Express tells an error handler from a plain one by its four parameters.
  return (error, _request, response, _next) => {
    const { requestId } = response.locals;
    if (error instanceof StripeRefusal) {
      return void send(deps, response, refusalAnswer(error, requestId), {}, false);
    }
    const status: unknown = error?.status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const refusal = invalidRequest('The request cannot be read.');
      return void send(deps, response, refusalAnswer(refusal, requestId), {}, false);
    }
    deps.onEvent({
      msg: 'internal error',
      error: error instanceof Error ? String(error.stack) : String(error),
    });
    send(deps, response, refusalAnswer(new StripeRefusal(500, errorOf(500)), requestId), {}, false);
  };
}
