import type { RequestHandler } from 'express';
import { reasonOf } from '../faults/decide-answer.ts';

/** The key under which an error text stands: `Message` on JSON API v2, `message` on REST v1. */
export type ErrorKey = 'Message' | 'message';

/** Returns a handler that lets only the given key pass: 401 without a key, 403 with another one. */
export function authenticate(apiKey: string, errorKey: ErrorKey): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-api-key');
    if (given === apiKey) return next();
    const status = given === undefined ? 401 : 403;
    response.status(status).json({ [errorKey]: reasonOf(status) });
  };
}
