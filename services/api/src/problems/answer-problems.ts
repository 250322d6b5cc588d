import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { currentTraceId } from '@tollgate/shared/runtime/trace.ts';
import type { ErrorRequestHandler } from 'express';
import { Problem } from './problem.ts';

/** Turns every error into problem details; what we did not foresee is logged and told nobody. */
export function answerProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      logger.error({ err: error }, 'answer broken off');
      return next(error);
    }
    const problem = toProblem(error);
    if (problem.code === 'internal') logger.error({ err: error }, 'request failed');
    const traceId = currentTraceId();
    if ('retryAfterSeconds' in problem.extras) {
      response.set('Retry-After', String(problem.extras.retryAfterSeconds));
    }
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem.toJSON(), ...(traceId ? { traceId } : {}) }));
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const type = bodyParserErrorType(error);
  if (type === 'entity.verify.failed' && error instanceof Error && error.cause instanceof Problem) {
    return error.cause;
  }
  if (type === 'entity.too.large') {
    const limit = error instanceof Error && 'limit' in error ? Number(error.limit) : 0;
    return new Problem('payload_too_large', `the body is larger than ${limit.toLocaleString('en')} bytes`);
  }
  if (type === 'entity.parse.failed') return new Problem('invalid_request', 'the body is not valid JSON');
  if (type === 'charset.unsupported' || type === 'encoding.unsupported') {
    return new Problem('unsupported_media_type', 'send JSON in UTF-8');
  }
  // Express and its parsers say by status that the request itself is at fault.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  if (status >= 400 && status < 500) return new Problem('invalid_request', 'the request cannot be read');
  // Also a value that the database cannot take (SQLSTATE 22xxx): it may come from our own sums as well as from
  // the request, and a 400 would free an Idempotency-Key under which a part was done already.
  return new Problem('internal', 'an unexpected error; it has been logged under the trace id');
}

/** How Express's body parser names its errors. */
function bodyParserErrorType(error: unknown): string | undefined {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined;
}
