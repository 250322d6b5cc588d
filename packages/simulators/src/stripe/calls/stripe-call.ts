import { createHash } from 'node:crypto';
import type { Operation } from '../account/operation.ts';
import { matchOperation } from '../operations.ts';
import { parseForm } from '../wire/parse-form.ts';
import { refuseParameters } from '../wire/refuse-parameters.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';

const keyLengthMax = 255;

/** A call that Stripe would take up: known, with valid parameters. */
export interface StripeCall {
  operation: Operation;
  /** The variable part of the path, or empty. */
  id: string;
  path: string;
  params: { expand?: string[] | undefined };
  idempotencyKey: string | null;
  /** Tells whether another call under the same key asks for the same. */
  requestHash: string;
}

/** What came in over HTTP. */
export interface RawCall {
  method: string;
  path: string;
  query: string;
  body: string;
  idempotencyKey: string | undefined;
}

/** Returns what is called for. Throws StripeRefusal for unknown addresses and for parameters Stripe does not take. */
export function readCall({ method, path, query, body, idempotencyKey }: RawCall): StripeCall {
  const matched = matchOperation(method, path);
  if (matched === undefined) {
    const message = `Unrecognized request URL (${method}: ${path}).`;
    throw new StripeRefusal(404, { type: 'invalid_request_error', message });
  }
  const isKeyed = method === 'POST' && idempotencyKey !== undefined && idempotencyKey !== '';
  if (isKeyed && idempotencyKey.length > keyLengthMax) {
    throw invalidRequest(`Idempotency keys can be at most ${keyLengthMax} characters.`);
  }
  const form = [query, body].filter((part) => part !== '').join('&');
  const parsed = matched.operation.params.safeParse(parseForm(form), { reportInput: true });
  if (!parsed.success) throw refuseParameters(parsed.error);
  const sorted = [...new URLSearchParams(form)].map((pair) => JSON.stringify(pair)).sort();
  return {
    ...matched,
    path,
    params: parsed.data,
    idempotencyKey: isKeyed ? idempotencyKey : null,
    requestHash: createHash('sha256')
      .update(JSON.stringify([method, path, sorted]))
      .digest('hex'),
  };
}
