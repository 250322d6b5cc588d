import type { RequestHandler } from 'express';

/** Calls by endpoint (`POST /v2/message`), then by status code, `hang` or `cut`. */
export type RequestCounts = Record<string, Record<string, number>>;

export interface RequestCounter {
  /** Counts one answer; to be called before the answer leaves, so that the client never sees it first. */
  add(endpoint: string, answer: string): void;
  counts(): RequestCounts;
  clear(): void;
}

/** Returns an empty counter. Calls that are not among the known endpoints are counted together as `other`. */
export function createRequestCounter(known: ReadonlySet<string>): RequestCounter {
  const byEndpoint = new Map<string, Map<string, number>>();
  return {
    add: (name, answer) => {
      const endpoint = known.has(name) ? name : 'other';
      const answers = byEndpoint.get(endpoint) ?? new Map<string, number>();
      byEndpoint.set(endpoint, answers.set(answer, (answers.get(answer) ?? 0) + 1));
    },
    counts: () =>
      Object.fromEntries(
        [...byEndpoint].map(([endpoint, answers]) => [endpoint, Object.fromEntries(answers)]),
      ),
    clear: () => byEndpoint.clear(),
  };
}

/** Returns a handler that counts every JSON answer of the routes after it. */
export function countRequests(counter: RequestCounter): RequestHandler {
  return (request, response, next) => {
    const endpoint = endpointOf(request.method, request.baseUrl + request.path);
    const json = response.json.bind(response);
    response.json = (body) => {
      counter.add(endpoint, String(response.statusCode));
      return json(body);
    };
    next();
  };
}

/** Returns the name a call is counted under. */
export function endpointOf(method: string, path: string): string {
  return `${method} ${path}`;
}
