import { RequestError, TimeoutError } from 'got';
import type { SubmissionOutcome } from './sms-provider.ts';

// Failures of the connection itself: the request was never written.
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);
const phasesBeforeWriting = new Set(['lookup', 'connect', 'secureConnect', 'socket']);

/**
 * What a call without an answer means: before the request was written it is safe to try again; after
 * that, nobody knows whether the provider took the message.
 */
export function classifyError(error: unknown): SubmissionOutcome {
  if (error instanceof TimeoutError) {
    return withoutAnswer(!phasesBeforeWriting.has(error.event), `timeout in phase ${error.event}`);
  }
  if (error instanceof RequestError) {
    const written =
      !notConnected.has(error.code) && !error.code.startsWith('ERR_TLS') && !error.code.includes('CERT');
    return withoutAnswer(written, error.code);
  }
  throw error;
}

function withoutAnswer(written: boolean, reason: string): SubmissionOutcome {
  const detail = `no answer (${reason})`;
  return written ? { kind: 'unknown', detail } : { kind: 'unavailable', code: 'not_reached', detail };
}
