import { describe, expect, test } from 'vitest';
import { createAnswerReader } from './answerReader.ts';

const body = '{"decision":"approved","response_code":"00"}';
const answer = (text: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;

describe('an answer', () => {
  test('that approves is counted, whole or in pieces', () => {
    const reader = createAnswerReader();
    const whole = answer(body);
    expect(reader.take(whole)).toBe('approved');
    for (const at of [1, 20, whole.indexOf('{'), whole.length - 1]) {
      expect([reader.take(whole.slice(0, at)), reader.take(whole.slice(at))]).toEqual(['waiting', 'approved']);
    }
  });

  test.each([
    ['a decline', answer('{"decision":"declined"}')],
    ['an error', answer(body, '503 Service Unavailable')],
    ['two answers to one request', answer(body) + answer(body)],
  ])('that is %s is not', (_what, text) => {
    expect(createAnswerReader().take(text)).toEqual({ wrong: text });
  });
});
