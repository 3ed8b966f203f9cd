// apiKey.test.ts: who a header lets in.

import { describe, expect, test } from 'vitest';
import { callerOf, newApiKey, READERS, ROLES, type Role, secretHashOf } from './apiKey.ts';

const { key, secretHash } = newApiKey();
const issuer = { apiKeyId: 'key_1', roles: ['issuer'] };
const lookup = (hash: string) => (hash === secretHash ? issuer : undefined);
const connection = {};
const ask = (header: string | undefined, roles: readonly Role[] = ['admin', 'issuer']) =>
  callerOf(header, connection, roles, lookup);

describe('an API key', () => {
  test('is hf_ and 32 random bytes, and is known by its SHA-256', () => {
    expect(key).toMatch(/^hf_[\w-]{43}$/);
    expect(newApiKey().key).not.toBe(key);
    expect(secretHashOf(key)).toBe(secretHash);
    expect(secretHashOf('hf_')).toBe('-PNeD2pDR4uKruVM0Em6zjJ6isJ89IW3B_HqNi3qPDk');
  });

  test.each(['Bearer', 'bearer', 'BEARER'])('lets its caller in after %s', (scheme) => {
    expect(ask(`${scheme} ${key}`)).toBe(issuer);
  });

  test.each([
    ['no header', undefined],
    ['another key', `Bearer ${newApiKey().key}`],
    ['no scheme', key],
    ['another scheme', `Basic ${key}`],
    ['more after it', `Bearer ${key} `],
    ['its hash', `Bearer hf_${secretHash}`],
    ['less of it', `Bearer ${key.slice(0, -1)}`],
  ])('%s is unauthorized', (_, header) => {
    expect(() => ask(header)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  });

  test('over a connection that has just had another key counts as what it is', () => {
    expect(ask(`Bearer ${key}`)).toBe(issuer);
    expect(() => ask(`Bearer ${newApiKey().key}`)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
    expect(ask(`Bearer ${key}`)).toBe(issuer);
  });

  test('is out of force at once, also over a connection that has just had it', () => {
    const known = new Map([[secretHash, issuer]]);
    const now = () => callerOf(`Bearer ${key}`, connection, ['issuer'], (hash) => known.get(hash));
    expect(now()).toBe(issuer);
    known.clear();
    expect(now).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  });

  test('without the role is forbidden, and the error names the roles', () => {
    expect(() => ask(`Bearer ${key}`, ['network', 'admin'])).toThrow(
      'This call needs an API key with one of these roles: network, admin.',
    );
  });

  test('reads with every role but network', () => {
    expect(ROLES.filter((role) => !READERS.includes(role))).toEqual(['network']);
  });
});
