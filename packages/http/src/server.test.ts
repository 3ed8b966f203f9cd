// server.test.ts: what every route gets from the server: limits, errors, keys, query checks, clean logs.

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newApiKey, type Role } from './apiKey.ts';
import { errors } from './errors.ts';
import { parseFields } from './fields.ts';
import { createLogger } from './logger.ts';
import { ApiError } from './problem.ts';
import { buildServer, type Server, type ServerOptions } from './server.ts';

const NUMBER = '4761739001010119';
const { key, secretHash } = newApiKey();
const authorization = `Bearer ${key}`;
const running: Server[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

function serve(options: Partial<ServerOptions> = {}, role: Role = 'issuer') {
  const log: string[] = [];
  const redact = (text: string) => text.replaceAll(NUMBER, '************0119');
  const logger = createLogger({
    level: 'trace',
    name: 'test',
    redact,
    destination: { write: (line) => log.push(line) },
  });
  const apiKey = (hash: string) => (hash === secretHash ? { apiKeyId: 'key_1', roles: [role] } : undefined);
  const app = buildServer({ logger, apiKey, redact, ...options });
  const config = { roles: ['admin', 'issuer'], query: ['known'] } as const;
  app.get('/things/:id', { config }, async (request) => ({ caller: request.caller?.apiKeyId, query: request.query }));
  app.get('/public', { config: { roles: 'public' } }, async () => ({ open: true }));
  app.post('/things', { config }, async (request) =>
    parseFields(z.strictObject({ amount: z.int().min(1).max(10), of: z.enum(['a', 'b']).optional() }), request.body),
  );
  app.post('/broken', { config }, async () => {
    throw Object.assign(new Error(`no such column: ${NUMBER}, key ${key}`), { rawPacket: 'secret' });
  });
  app.put('/slow', { config }, async () => {
    throw new ApiError('position_not_reached', { position: 7n });
  });
  running.push(app);
  return { app, log };
}

describe('a key that is not known here', () => {
  const other = newApiKey();
  const url = '/things/1';

  function serveLate(refresh: () => Promise<void>) {
    const known = new Set<string>();
    const apiKey = (hash: string) => (known.has(hash) ? { apiKeyId: 'key_2', roles: ['issuer'] } : undefined);
    let refreshed = 0;
    const refreshKeys = () => {
      refreshed += 1;
      return refresh().then(() => void known.add(secretHash));
    };
    return { app: serve({ apiKey, refreshKeys }).app, refreshed: () => refreshed };
  }

  test('is looked for among those that were issued elsewhere', async () => {
    const { app, refreshed } = serveLate(async () => {});
    const answers = [authorization, authorization, `Bearer ${other.key}`, 'Bearer none', undefined].map((header) =>
      app.inject({ url, headers: header === undefined ? {} : { authorization: header } }),
    );
    const [first, ...others] = await Promise.all(answers);
    expect(first?.json()).toMatchObject({ caller: 'key_2' });
    expect(others.map(({ statusCode }) => statusCode)).toEqual([200, 401, 401, 401]);
    await app.inject({ url, headers: { authorization } });
    // Not for a key that is known, nor for what is no key.
    expect(refreshed()).toBe(3);
  });

  test('is told to try again when nobody can look', async () => {
    const { app } = serveLate(() => Promise.reject(new Error('the log is away')));
    const answer = await app.inject({ url, headers: { authorization } });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
  });
});

describe('an error is a problem document', () => {
  const post = (url: string, payload: string | Buffer, contentType = 'application/json', method = 'POST') => ({
    method: method as 'POST',
    url,
    payload,
    headers: { authorization, 'content-type': contentType },
  });

  test.each([
    ['unknown route', { method: 'POST', url: '/nowhere', payload: '{' }, 'not_found'],
    ['known route, other method', { method: 'DELETE', url: '/things/1' }, 'method_not_allowed'],
    ['no key', { url: '/things/1' }, 'unauthorized'],
    ['malformed JSON', post('/things', '{"amount":1,}'), 'malformed_json'],
    ['an empty body', post('/things', ''), 'malformed_json'],
    ['not UTF-8', post('/things', Buffer.from([0x7b, 0xff, 0x7d])), 'malformed_json'],
    ['a poisoned prototype', post('/things', '{"__proto__":{"amount":1}}'), 'malformed_json'],
    ['text', post('/things', '{"amount":1}', 'text/plain'), 'unsupported_media_type'],
    ['a form', post('/things', 'amount=1', 'application/x-www-form-urlencoded'), 'unsupported_media_type'],
    ['another charset', post('/things', '{"amount":1}', 'application/json; charset=utf-16'), 'unsupported_media_type'],
    ['nonsense as media type', post('/things', '{"amount":1}', 'json'), 'unsupported_media_type'],
    ['64 KiB and one byte', post('/things', `"${'x'.repeat(64 * 1024 - 1)}"`), 'body_too_large'],
    ['a field too much', post('/things', '{"amount":1,"x":1}'), 'invalid_request'],
    ['a broken escape in the path', { url: '/things/%ff', headers: { authorization } }, 'malformed_request'],
    [
      'a path parameter of 101 characters',
      { url: `/things/${'x'.repeat(101)}`, headers: { authorization } },
      'not_found',
    ],
    ['an unknown query parameter', { url: '/things/1?known=1&other=1', headers: { authorization } }, 'invalid_request'],
    ['a query parameter twice', { url: '/things/1?known=1&known=2', headers: { authorization } }, 'invalid_request'],
    ['its own error', post('/slow', '{}', 'application/json', 'PUT'), 'position_not_reached'],
    ['a defect', post('/broken', '{}'), 'internal'],
  ] as const)('%s: %s', async (_, request, code) => {
    const { app } = serve();
    const answer = await app.inject({ ...request });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.statusCode).toBe(errors[code].status);
    const { status, title } = errors[code];
    expect(answer.json()).toMatchObject({ type: `urn:holdfast:error:${code}`, title, status, code });
    expect(answer.json().request_id).toMatch(/^[\w-]{12}-1$/);
    expect(answer.json().detail).not.toMatch(/[{}?]/);
  });

  test('names the fields at fault and what is expected of them', async () => {
    const { app } = serve();
    const answer = await app.inject(post('/things', `{"amount":10.5,"of":"c","${NUMBER}":1}`));
    expect(answer.json()).toMatchObject({
      detail: 'amount must be an integer.',
      errors: [
        { field: 'amount', message: 'must be an integer' },
        { field: 'of', message: 'must be one of a, b' },
        { field: '************0119', message: 'is not a known field' },
      ],
    });
  });

  test('says which methods there are, and where JSON broke', async () => {
    const { app } = serve();
    const wrong = await app.inject({ method: 'PATCH', url: '/things/1?x=1' });
    expect([wrong.headers.allow, wrong.json().detail]).toEqual(['GET, HEAD', 'This route answers GET, HEAD.']);
    const broken = await app.inject(post('/things', '{"amount":1,}'));
    expect(broken.json().detail).toContain('at position 12 (line 1 column 13)');
    expect(broken.headers.connection).not.toBe('close');
    expect((await app.inject({ url: '/things/1' })).headers['www-authenticate']).toBe('Bearer');
  });

  test('takes 64 KiB, charset=utf-8, and a body with nothing in it where none is needed', async () => {
    const { app } = serve();
    const full = `{"amount":1${' '.repeat(64 * 1024 - 12)}}`;
    expect((await app.inject(post('/things', full, 'application/json; charset=UTF-8'))).json()).toEqual({ amount: 1 });
    const put = await app.inject({ method: 'PUT', url: '/slow', headers: { authorization } });
    expect(put.json().code).toBe('position_not_reached');
  });
});

describe('a route', () => {
  test('answers a caller with one of its roles, on GET and HEAD', async () => {
    const { app } = serve();
    const answer = await app.inject({ url: '/things/1?known=x', headers: { authorization } });
    expect(answer.json()).toEqual({ caller: 'key_1', query: { known: 'x' } });
    expect((await app.inject({ method: 'HEAD', url: '/things/1' })).statusCode).toBe(401);
    expect((await app.inject({ method: 'HEAD', url: '/things/1', headers: { authorization } })).statusCode).toBe(200);
  });

  test('refuses a caller without, naming the roles, before it reads the body', async () => {
    const { app } = serve({}, 'auditor');
    const answer = await app.inject({ method: 'POST', url: '/things', headers: { authorization }, payload: '{' });
    expect([answer.statusCode, answer.json().detail]).toEqual([
      403,
      'This call needs an API key with one of these roles: admin, issuer.',
    ]);
  });

  test('needs no key when it is public', async () => {
    const { app } = serve();
    expect((await app.inject({ url: '/public' })).json()).toEqual({ open: true });
  });

  test('that does not declare its roles cannot be added', () => {
    const { app } = serve();
    expect(() => app.get('/open', async () => 'x')).toThrow('route GET /open does not declare its roles');
  });
});

describe('the log', () => {
  test('of a defect has its message and stack, but no card number, no key and no foreign fields', async () => {
    const { app, log } = serve();
    const answer = await app.inject({ method: 'POST', url: '/broken', headers: { authorization } });
    expect(answer.json().detail).toBe(errors.internal.detail);
    const line = JSON.parse(log.join(''));
    expect(line).toMatchObject({
      level: 50,
      requestId: answer.json().request_id,
      route: '/broken',
      err: { type: 'Error', message: 'no such column: ************0119, key hf_***' },
    });
    expect(line.err.stack).toContain('server.test.ts');
    expect(line.err.rawPacket).toBeUndefined();
    expect(log.join('')).not.toContain(NUMBER);
  });

  test('has no line for a request unless asked for', async () => {
    const quiet = serve();
    await quiet.app.inject({ url: '/public' });
    expect(quiet.log).toEqual([]);
    const loud = serve({ requestLog: true });
    await loud.app.inject({ url: '/public', headers: { authorization } });
    expect(loud.log).toHaveLength(2);
    expect(loud.log.join('')).not.toContain('hf_');
  });
});

describe('on the wire', () => {
  async function send(app: Server, text: string): Promise<string> {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const address = app.server.address();
    const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    socket.write(text);
    await once(socket, 'close');
    return answer;
  }

  test.each([
    ['nonsense', 'malformed_request', `NONSENSE ${NUMBER}\r\n\r\n`],
    [
      'headers too large',
      'headers_too_large',
      `GET /public HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(16 * 1024)}\r\n\r\n`,
    ],
    ['headers that do not end', 'request_timeout', 'GET /public HTTP/1.1\r\nHost: x\r\nX: y'],
    [
      'a body that does not end',
      'request_timeout',
      `POST /things HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
    ],
  ] as const)('%s: %s', async (_, code, request) => {
    const { app, log } = serve({ limits: { headersTimeoutMs: 100, requestTimeoutMs: 200 } });
    const answer = await send(app, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${errors[code].status} ${errors[code].title}\r\n`));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ code });
    expect(answer + log.join('')).not.toContain(NUMBER);
  });
});
