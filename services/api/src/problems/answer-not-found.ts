import type { Express, RequestHandler } from 'express';
import { Problem } from './problem.ts';

/**
 * For what nothing answers: 405 with `Allow` where the address is known and only the method is not, else
 * 404. To be mounted after every route.
 */
export function answerNotFound(app: Pick<Express, 'router'>): RequestHandler {
  let routes: readonly Route[] | undefined;
  return ({ method, path }, response) => {
    routes ??= readRoutes(app.router.stack);
    const allowed = new Set(routes.flatMap((route) => (route.pattern.test(path) ? route.methods : [])));
    if (allowed.size === 0) throw new Problem('not_found', `nothing answers ${method} ${path}`);
    if (allowed.has('GET')) allowed.add('HEAD');
    const methods = [...allowed].sort().join(', ');
    response.set('Allow', methods);
    throw new Problem('method_not_allowed', `${path} answers ${methods}, not ${method}`);
  };
}

type Route = { pattern: RegExp; methods: string[] };

/** Express names its layers so. `slash` says that a router is mounted at the root, so that its paths are whole. */
type Layer = {
  slash?: boolean;
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
};

function readRoutes(layers: readonly object[]): Route[] {
  return (layers as readonly Layer[]).flatMap(({ slash, route, handle }) => {
    if (!route) return slash ? readRoutes(handle.stack ?? []) : [];
    const methods = Object.keys(route.methods).map((method) => method.toUpperCase());
    return [route.path].flat().map((path) => ({ methods, pattern: toPattern(path) }));
  });
}

function toPattern(path: string): RegExp {
  const parts = path
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    );
  return new RegExp(`^${parts.join('/')}/?$`, 'i');
}
