import express, { type ErrorRequestHandler, Router } from 'express';
import { ZodError } from 'zod';
import type { RequestCounts } from './count-requests.ts';
import { describeMistakes } from './describe-mistakes.ts';

const bodyBytesMax = 1024 * 1024;

export interface ControlRoutesDeps {
  faults: { current(): unknown; set(faults: unknown): unknown };
  requests?: () => RequestCounts;
  /** Resolves when everything that waits was posted. */
  flush?: () => Promise<void>;
  reset: () => void;
  onError: (error: string) => void;
}

/** Returns the routes every simulator has under `/simulator`, plus its own; they need no key. */
export function controlRoutes(deps: ControlRoutesDeps, addOwn: (router: Router) => void = () => {}): Router {
  const { faults, requests, flush } = deps;
  const router = Router();
  router.use(express.json({ limit: bodyBytesMax, type: 'application/json' }));
  router.get('/faults', (_request, response) => void response.json(faults.current()));
  router.put('/faults', (request, response) => void response.json(faults.set(request.body)));
  if (requests) router.get('/requests', (_request, response) => void response.json(requests()));
  if (flush) {
    router.post('/flush', async (_request, response) => {
      await flush();
      response.status(204).end();
    });
  }
  router.post('/reset', (_request, response) => {
    deps.reset();
    response.status(204).end();
  });
  addOwn(router);
  router.use((_request, response) => void response.status(404).json({ message: 'Not Found' }));
  router.use(answerErrors(deps.onError));
  return router;
}

function answerErrors(onError: (error: string) => void): ErrorRequestHandler {
  // Express tells an error handler from a plain one by its four parameters.
  return (error, _request, response, _next) => {
    if (error instanceof ZodError)
      return void response.status(400).json({ message: describeMistakes(error) });
    const status: unknown = error?.status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const message = status === 413 ? 'Request body is too large' : 'Request cannot be read';
      return void response.status(status).json({ message });
    }
    onError(error instanceof Error ? String(error.stack) : String(error));
    response.status(500).json({ message: 'Internal server error' });
  };
}
