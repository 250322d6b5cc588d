import type { StripeErrorBody } from '../wire/stripe-refusal.ts';
import type { WriteFault } from './faults.ts';

/** An error answer that stands in for the real one. */
export interface FaultAnswer {
  status: number;
  error: StripeErrorBody;
  headers: Record<string, string>;
}

/** What becomes of a valid write, given the fault that is switched on for it. */
export interface WriteDecision {
  isCarriedOut: boolean;
  /** Whether the error answer stays under the idempotency key, as one given by the endpoint itself does. */
  isKept: boolean;
  answer: FaultAnswer | 'real' | 'cut' | 'hang';
}

// These are given before the endpoint starts to work, so that nothing stays under the key.
const statusesNotKept = new Set([401, 403, 409, 429]);

/** Returns what becomes of a valid write. */
export function decideWrite(fault: WriteFault | undefined): WriteDecision {
  switch (fault?.kind) {
    case undefined:
      return { isCarriedOut: true, isKept: true, answer: 'real' };
    case 'cut':
    case 'hang':
      return { isCarriedOut: fault.afterWriting, isKept: fault.afterWriting, answer: fault.kind };
    case 'lockTimeout': {
      const error = errorOf(429, 'lock_timeout', undefined);
      return { isCarriedOut: false, isKept: true, answer: { status: 429, error, headers: headersOf(fault) } };
    }
    case 'status': {
      const { status, code, message, afterWriting = false } = fault;
      const headers = headersOf(fault);
      if (status === 429) headers['Stripe-Rate-Limited-Reason'] = 'global-rate';
      const isKept = afterWriting || !statusesNotKept.has(status);
      return {
        isCarriedOut: afterWriting,
        isKept,
        answer: { status, error: errorOf(status, code, message), headers },
      };
    }
  }
}

/** Returns the error that goes with a status when nothing more is known about it. */
export function errorOf(status: number, code?: string, message?: string): StripeErrorBody {
  const usual = usualErrors[status] ?? { type: 'api_error', message: 'Something went wrong on our end.' };
  return { ...usual, ...(code && { code }), ...(message && { message }) };
}

function headersOf({ shouldRetry }: { shouldRetry?: boolean | undefined }): Record<string, string> {
  return shouldRetry === undefined ? {} : { 'Stripe-Should-Retry': String(shouldRetry) };
}

const usualErrors: Record<number, StripeErrorBody> = {
  400: { type: 'invalid_request_error', message: 'Invalid request.' },
  401: { type: 'invalid_request_error', message: 'Invalid API Key provided.' },
  402: {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
  },
  403: { type: 'invalid_request_error', message: 'The API key does not have the required permissions.' },
  404: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object.' },
  409: {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: 'Another request with this idempotency key is in progress.',
  },
  429: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' },
};
