import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

/** Refuses a body that is not JSON, which would otherwise pass for none. */
export const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody = request.get('transfer-encoding') !== undefined || Number(request.get('content-length')) > 0;
  if (hasBody && !request.is('application/json')) {
    throw new Problem('unsupported_media_type', 'send the body as Content-Type: application/json');
  }
  next();
};
