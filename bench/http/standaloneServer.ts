// standaloneServer.ts: everything in one process, as `npm start` runs it, in production mode.

import { createLogger } from '@holdfast/http';
import { startHoldfast } from '@holdfast/standalone-service';
import { redact } from '@holdfast/vault';
import { openOn } from '../support/engine.ts';
import { given, serve } from '../support/parent.ts';
import { FINGERPRINT_KEY, makeWorld, vault } from '../support/world.ts';

const { directory, accounts } = given<{ readonly directory: string; readonly accounts: number }>();

await serve(async () => {
  const first = await openOn(directory);
  await makeWorld(first.engine, accounts);
  await first.close();
  const configuration = {
    data: directory,
    log: { directory },
    host: '127.0.0.1',
    port: 0,
    mode: 'production',
    fingerprintKey: FINGERPRINT_KEY,
    bin: vault.bin,
    logLevel: 'warn',
    sandbox: false,
    newKey: false,
    decides: true,
    shared: undefined,
  } as const;
  const holdfast = await startHoldfast(configuration, createLogger({ level: 'warn', name: 'bench', redact }));
  return { ready: { port: Number(new URL(holdfast.address).port) }, stop: holdfast.stop };
});
