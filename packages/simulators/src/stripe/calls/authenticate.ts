import type { RequestHandler } from 'express';
import { StripeRefusal } from '../wire/stripe-refusal.ts';

/** Returns a handler that lets only the given secret key pass, as a bearer token or as the user of basic authentication. */
export function authenticate(secretKey: string): RequestHandler {
  return (request, _response, next) => {
    const given = keyOf(request.get('authorization') ?? '');
    if (given === secretKey) return next();
    const message =
      given === '' ? 'You did not provide an API key.' : `Invalid API Key provided: ${masked(given)}`;
    throw new StripeRefusal(401, { type: 'invalid_request_error', message });
  };
}

function keyOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '';
}

function masked(key: string): string {
  return `${key.slice(0, 8)}***${key.slice(-4)}`;
}
