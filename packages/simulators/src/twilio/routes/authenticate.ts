import type { RequestHandler } from 'express';
import { errorBody } from '../twilio-error.ts';

/** Returns a handler that lets only the account's own Basic credentials pass, and only to its own addresses. */
export function authenticate(accountSid: string, authToken: string): RequestHandler {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return (request, response, next) => {
    if (request.get('authorization') !== expected) {
      return void response.status(401).json(errorBody(401, 20003, 'Authenticate'));
    }
    next();
  };
}
