import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SERVICE = fileURLToPath(new URL('../src/service.ts', import.meta.url));

/** A process that serves nothing, whose stop takes so long, and that is told to stop as soon as it has started. */
async function stopped(stopTakesMs: number, stopWithinMs: number) {
  const script = `
    import { serve } from ${JSON.stringify(SERVICE)};
    const serving = setInterval(() => {}, 1_000);
    const stop = () => new Promise((resolve) => setTimeout(() => resolve('drained'), ${stopTakesMs}))
      .finally(() => clearInterval(serving));
    const service = { address: 'nowhere', failed: new Promise(() => {}), stop };
    process.exitCode = await serve(
      { name: 'test', logLevel: 'info', stopWithinMs: ${stopWithinMs} },
      async () => service,
      async () => void process.kill(process.pid, 'SIGTERM'),
    );
  `;
  const child = execFile(process.execPath, ['--input-type=module', '--eval', script]);
  let log = '';
  child.stderr?.on('data', (text: string) => {
    log += text;
  });
  const [status] = await once(child, 'close');
  return { status, log };
}

test('a stop in time ends with 0', async () => {
  const { status, log } = await stopped(10, 60_000);
  expect(log).toContain('"outcome":"drained"');
  expect(status).toBe(0);
});

test('a stop that waits for a log which is not there is cut short, and says so', async () => {
  const { status, log } = await stopped(3_600_000, 50);
  expect(log).toContain('not stopped within 50 ms');
  expect(log).toContain('it still waits, for the log most likely');
  expect(status).toBe(70);
});
