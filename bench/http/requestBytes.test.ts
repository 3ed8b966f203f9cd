import { networkMessageSchema } from '@holdfast/events';
import { describe, expect, test } from 'vitest';
import { cardAt } from '../support/world.ts';
import { fill, requestTemplate } from './requestBytes.ts';

describe.each(['id', 'number'] as const)('a request that names its card by %s', (by) => {
  const card = cardAt(3);
  const template = requestTemplate(card, by);

  function bodyOf(n: number, time: string) {
    const bytes = Buffer.from(template.bytes);
    fill(bytes, template, n, Buffer.from(time));
    const [head = '', body = ''] = bytes.toString('latin1').split('\r\n\r\n');
    expect(head).toContain(`content-length: ${body.length}`);
    return networkMessageSchema.parse(JSON.parse(body));
  }

  test('is a valid message with the fields that make it itself', () => {
    expect(bodyOf(987_654_321_012_345, '2026-03-01T12:00:00.123Z')).toMatchObject({
      type: 'authorization',
      network_transaction_id: '987654321012345',
      rrn: '654321012345',
      stan: '012345',
      transmitted_at: '2026-03-01T12:00:00.123Z',
    });
  });

  test('keeps its length whatever is written into it', () => {
    expect(bodyOf(1, '2026-03-01T12:00:00.000Z').stan).toBe('000001');
  });
});
