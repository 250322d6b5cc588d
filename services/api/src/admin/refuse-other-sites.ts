import type { RequestHandler } from 'express';
import { Problem } from '../problems/problem.ts';

/**
 * Refuses changes that a page of another origin makes the operator's browser ask for. The cookie's
 * SameSite keeps out other sites only; a neighbouring subdomain or port is the same site.
 */
export const refuseOtherSites: RequestHandler = (request, _response, next) => {
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (changes && isFromElsewhere(request.get('sec-fetch-site'), request.get('origin'), request.get('host'))) {
    throw new Problem('forbidden', 'this was asked for by a page of another site');
  }
  next();
};

function isFromElsewhere(
  fetchSite: string | undefined,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (fetchSite !== undefined) return fetchSite !== 'same-origin' && fetchSite !== 'none';
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}
