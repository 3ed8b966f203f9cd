// answerReader.ts: finds whole HTTP answers in what comes in on a connection, and checks that each is an approval.

const HEAD_END = '\r\n\r\n';
const LENGTH = 'content-length: ';
const OK = 'HTTP/1.1 200 ';
const APPROVED = '{"decision":"approved"';

/**
 * `take` is given what has come in. It says `approved` or `waiting` for the rest; anything else is the answer that was
 * not an approval. One request at a time is under way, so nothing may follow an answer.
 */
export function createAnswerReader(): { take(text: string): 'approved' | 'waiting' | { readonly wrong: string } } {
  let pending = '';
  return {
    take(text) {
      const all = pending === '' ? text : pending + text;
      const end = all.indexOf(HEAD_END);
      if (end < 0) {
        pending = all;
        return 'waiting';
      }
      const bodyAt = end + HEAD_END.length;
      const lengthAt = all.indexOf(LENGTH);
      const length = Number.parseInt(all.slice(lengthAt + LENGTH.length, lengthAt + LENGTH.length + 8), 10);
      if (all.length < bodyAt + length) {
        pending = all;
        return 'waiting';
      }
      pending = '';
      const right = all.startsWith(OK) && all.startsWith(APPROVED, bodyAt) && all.length === bodyAt + length;
      return right ? 'approved' : { wrong: all };
    },
  };
}
