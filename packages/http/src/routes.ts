// routes.ts: what every route declares, and the hooks that hold it to that.

import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify';
import { type ApiKeyLookup, type Caller, callerOf, hasKey, type RefreshKeys, type Role } from './apiKey.ts';
import { ApiError, invalid } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route: any of these roles, or `public` for everybody without a key. */
    roles?: readonly Role[] | 'public';
    /** The query parameters that it knows; none when left out. */
    query?: readonly string[];
    /** The media type of its body; application/json when left out. */
    accepts?: string;
  }
  interface FastifyRequest {
    /** Who sends the request; null on public routes. */
    caller: Caller | null;
  }
}

/** Makes each route check its key, roles and query, and refuses at start one that does not say its roles. */
export function guardRoutes(app: FastifyInstance, apiKey: ApiKeyLookup, refreshKeys?: RefreshKeys): void {
  const methods = new Map<string, Set<string>>();
  app.decorateRequest('caller', null);

  app.addHook('onRoute', (route) => {
    const roles = route.config?.roles;
    if (roles === undefined) throw new Error(`route ${route.method} ${route.url} does not declare its roles`);
    for (const method of [route.method].flat()) methodsOf(methods, route.url).add(method);
    // A hook of the route itself knows its roles without looking them up: this runs for every request.
    route.onRequest = [...hooksOf(route), guard(roles, new Set(route.config?.query), apiKey, refreshKeys)];
  });

  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(unrouted(request, methods));
    else done();
  });
}

function hooksOf({ onRequest }: RouteOptions): onRequestHookHandler[] {
  return onRequest === undefined ? [] : [onRequest].flat();
}

function guard(
  roles: readonly Role[] | 'public',
  parameters: ReadonlySet<string>,
  apiKey: ApiKeyLookup,
  refreshKeys: RefreshKeys | undefined,
) {
  function fault(request: FastifyRequest): Error | undefined {
    try {
      if (roles !== 'public')
        request.caller = callerOf(request.headers.authorization, request.raw.socket, roles, apiKey);
      if (request.raw.url?.includes('?')) checkQuery(request.query, parameters);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  const hook: onRequestHookHandler = (request, _reply, done) => {
    const found = fault(request);
    const unknown = found instanceof ApiError && found.code === 'unauthorized' && hasKey(request.headers.authorization);
    if (unknown && refreshKeys !== undefined) {
      refreshKeys().then(
        () => done(fault(request)),
        () => done(new ApiError('unavailable', {}, { headers: { 'retry-after': '1' } })),
      );
    } else done(found);
  };
  return hook;
}

function checkQuery(query: unknown, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(query ?? {})) {
    if (!known.has(name))
      throw invalid('invalid_request', [{ field: name, message: 'is not a parameter of this route' }]);
    if (Array.isArray(value)) throw invalid('invalid_request', [{ field: name, message: 'is given more than once' }]);
  }
}

/** No route answers: 405 when one does for another method, else 404. */
function unrouted(request: FastifyRequest, methods: ReadonlyMap<string, ReadonlySet<string>>): ApiError {
  const path = request.url.split('?', 1)[0] ?? '';
  const allowed = new Set<string>();
  for (const [pattern, known] of methods) {
    if (matches(pattern, path)) for (const method of known) allowed.add(method);
  }
  if (allowed.size === 0) return new ApiError('not_found');
  const list = [...allowed].sort().join(', ');
  return new ApiError('method_not_allowed', { allowed: list }, { headers: { allow: list } });
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, i) => part.startsWith(':') || part === parts[i]);
}

function methodsOf(methods: Map<string, Set<string>>, url: string): Set<string> {
  const known = methods.get(url) ?? new Set<string>();
  methods.set(url, known);
  return known;
}
