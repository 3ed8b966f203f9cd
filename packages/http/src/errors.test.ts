// errors.test.ts: docs/api.md lists the errors that the code has, with their status, in the same order.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { detailOf, ERROR_CODES, errors } from './errors.ts';
import { ApiError, problemText } from './problem.ts';

const docs = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');

describe('the list of errors', () => {
  test('is the one in docs/api.md', () => {
    const documented = [...docs.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => `${code} ${status}`);
    expect(documented).toEqual(ERROR_CODES.map((code) => `${code} ${errors[code].status}`));
  });

  test('has sentences, and codes that say what they are', () => {
    for (const code of ERROR_CODES) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(errors[code].detail).toMatch(/^[A-Z{].*\.$/s);
      expect(errors[code].status).toBeGreaterThanOrEqual(400);
    }
  });

  test('is filled in with what the error is about', () => {
    expect(detailOf('body_too_large', { limit: 65536 })).toBe('A body has at most 65536 bytes.');
    const error = new ApiError('unavailable', {}, { members: { response_code: '91' } });
    expect(JSON.parse(problemText(error, 'r-1', (text) => text))).toEqual({
      type: 'urn:holdfast:error:unavailable',
      title: 'Unavailable',
      status: 503,
      code: 'unavailable',
      detail: errors.unavailable.detail,
      response_code: '91',
      request_id: 'r-1',
    });
  });

  test('shows at most 20 fields, and no long name in full', () => {
    const fields = Array.from({ length: 30 }, (_, i) => ({ field: `${i}${'x'.repeat(500)}`, message: 'is not known' }));
    const text = problemText(new ApiError('invalid_request', { what: 'x' }, { fields }), undefined, (t) => t);
    expect(JSON.parse(text).errors).toHaveLength(20);
    expect(text.length).toBeLessThan(4_000);
  });
});
