import type { ErrorRequestHandler } from 'express';
import type { SimulatorEvent } from '../simulator-event.ts';
import type { ErrorKey } from './authenticate.ts';

/** Returns the handler that turns unreadable bodies into 400 or 413 and everything unforeseen into 500. */
export function refuseErrors(
  errorKey: ErrorKey,
  onEvent: (event: SimulatorEvent) => void,
): ErrorRequestHandler {
  // Express tells an error handler from a plain one by its four parameters.
  return (error, _request, response, _next) => {
    const status: unknown = error?.status;
    if (status === 413) return void response.status(413).json({ [errorKey]: 'Request body is too large' });
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return void response.status(400).json({ [errorKey]: 'Request body is not valid JSON' });
    }
    onEvent({ msg: 'internal error', error: error instanceof Error ? String(error.stack) : String(error) });
    response.status(500).json({ [errorKey]: 'Internal server error' });
  };
}
