// notListening.ts: why a port could not be had, in one sentence.

import { EXIT, Refusal } from './refusal.ts';

const WHY_NOT_LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; choose another one with --port',
  EACCES: 'this user may not use the port; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'this machine does not have the address; choose another one with --host',
  ENOTFOUND: 'there is no such host; choose another one with --host',
};

/** A `Refusal` for what a person can put right, else the error itself. */
export function notListening(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why = WHY_NOT_LISTENING[String(code)];
  return why === undefined ? error : new Refusal(`cannot listen on ${host} port ${port}: ${why}`, EXIT.cannotStart);
}
