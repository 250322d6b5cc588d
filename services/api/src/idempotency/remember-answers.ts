import { hashRequest } from '@tollgate/shared/idempotency/idempotency.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import {
  KeyInProgressError,
  KeyTakenError,
  type RunningWrite,
  runUnderKey,
} from '@tollgate/shared/runtime/keyed-write.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { findCallers } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { findOperator } from '../admin/operator-session.ts';
import { readApiKey } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import type { LimitRequests } from '../rate-limit/limit-requests.ts';
import { keyInProgress, keyUsedForAnother, readIdempotencyKey } from './idempotency-key.ts';
import { type Answer, findWrite, forgetKey, keepAnswer } from './keyed-writes.ts';
import { onAnswer } from './on-answer.ts';

export type RememberDeps = { db: Db; clock: Clock; logger: Logger; limitRequests: LimitRequests };

/** What writes nothing, and writes whose keys are kept with their own rows; in every spelling that leads to them. */
const notRemembered = [
  /^\/v1\/sms\/preview\/?$/i,
  /^\/v1\/sms\/send\/?$/i,
  /^\/v1\/billing\/(top-ups|add-funds)\/?$/i,
];

/** An answer is told within this time, or its process died. */
const ANSWER_TIME_MS_MAX = MINUTE_MS;

/**
 * Makes every write safe to repeat under an `Idempotency-Key`: the key is stored by the transaction that
 * does the write, and the answer with it; the same request under the same key gets the same answer.
 */
export function rememberAnswers(deps: RememberDeps): RequestHandler {
  return async (request, response, next) => {
    const write = await readKeyedWrite(deps, request);
    if (!write) return next();
    if (await answerAgain(deps, write, response)) return;
    onAnswer(response, (answer) =>
      settle(deps, write, answer).catch((error: unknown) =>
        deps.logger.error({ err: error, scope: write.scope }, 'answer under an idempotency key not kept'),
      ),
    );
    response.locals.keyedWrite = write;
    runUnderKey(write, next);
  };
}

/** Answers a request that lost its key to another one, which came at the same time. */
export function answerLostKeys(deps: Pick<RememberDeps, 'db' | 'clock'>): ErrorRequestHandler {
  return async (error: unknown, _request, response, next) => {
    const write: RunningWrite | undefined = response.locals.keyedWrite;
    if (!write) return next(error);
    if (error instanceof KeyInProgressError) return next(keyInProgress());
    if (!(error instanceof KeyTakenError)) return next(error);
    if (!(await answerAgain(deps, write, response))) next(keyInProgress());
  };
}

async function readKeyedWrite(deps: RememberDeps, request: Request): Promise<RunningWrite | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  if (notRemembered.some((path) => path.test(request.path))) return undefined;
  const key = readIdempotencyKey(request);
  if (key === null) return undefined;
  const at = deps.clock.now();
  const scope = await readScope(deps, request);
  if (scope === null) return undefined;
  const { method, path, query } = request;
  const requestHash = hashRequest({ method, path, query, body: request.body ?? null });
  return { scope, key, requestHash, at, isClaimed: false };
}

/**
 * Whose keys the request's are, so that no one is shown what another was answered; null for nobody we
 * know, who will be refused anyway. Throws a Problem over the limit: answers of before are answers too.
 */
async function readScope(
  { db, clock, limitRequests }: RememberDeps,
  request: Request,
): Promise<string | null> {
  const apiKey = readApiKey(request);
  if (apiKey !== null) {
    const [caller] = await findCallers(db, [apiKey], clock.now());
    if (!caller || caller.tenantStatus === 'deleted') return null;
    await limitRequests(request, caller.apiKeyId);
    return `api key ${caller.apiKeyId}`;
  }
  const operator = await findOperator({ db, clock }, request);
  return operator && `operator ${operator.id}`;
}

/** Gives the answer that was given under the key before; false where there was none. Throws a Problem. */
async function answerAgain(
  { db, clock }: Pick<RememberDeps, 'db' | 'clock'>,
  write: RunningWrite,
  response: Response,
): Promise<boolean> {
  const found = await findWrite(db, write);
  if (!found) return false;
  if (found.requestHash !== write.requestHash) throw keyUsedForAnother();
  if (!found.answer) {
    if (clock.now().getTime() - found.createdAt.getTime() < ANSWER_TIME_MS_MAX) throw keyInProgress();
    throw new Problem(
      'conflict',
      'the request was done under this Idempotency-Key, and its answer was not kept: look at what is there',
    );
  }
  const { status, body, location, isShownOnce } = found.answer;
  if (isShownOnce)
    throw new Problem(
      'conflict',
      'the request was done under this Idempotency-Key; its answer is shown once',
    );
  if (location !== undefined) response.location(location);
  response.set('Idempotent-Replayed', 'true').status(status);
  if (body === undefined) response.end();
  else response.json(body);
  return true;
}

/** Keeps what was done, and frees the key of what was refused, so that it can be asked for again. */
async function settle({ db }: Pick<RememberDeps, 'db'>, write: RunningWrite, answer: Answer): Promise<void> {
  if (answer.status < 400) await keepAnswer(db, write, answer);
  // After our own mistake nobody knows what was done: the key stays taken.
  else if (write.isClaimed && answer.status !== 500) await forgetKey(db, write);
}
