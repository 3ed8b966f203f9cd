// readModels.ts: waits, as a client would, until reads show everything that was decided.

import { API_KEY } from '../support/world.ts';

/** Resolves with how long it took, in milliseconds. */
export async function untilReadsCaughtUp(port: number): Promise<number> {
  const begun = performance.now();
  const address = `http://127.0.0.1:${port}`;
  const metrics = await (await fetch(`${address}/metrics`)).text();
  const position = /^holdfast_log_position (\d+)/m.exec(metrics)?.[1];
  if (position === undefined) throw new Error('the server does not say how long its log is');
  const headers = { authorization: `Bearer ${API_KEY}` };
  for (;;) {
    const answer = await fetch(`${address}/v1/accounts?limit=1&min_position=${position}`, { headers });
    await answer.arrayBuffer();
    if (answer.status === 200) return performance.now() - begun;
    if (answer.status !== 503) throw new Error(`a read was answered ${answer.status}`);
  }
}
