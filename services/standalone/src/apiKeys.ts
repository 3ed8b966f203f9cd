// apiKeys.ts: the first API key and further ones: shown once, and in the sandbox also kept for the simulator.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Engine } from '@holdfast/engine';
import { apiKeyId, commandIdOf, contentHashOf } from '@holdfast/events';
import { newApiKey, secretHashOf } from '@holdfast/http';
import { readSecret, writeSecret } from './secretFile.ts';

export function sandboxKeyPath(data: string): string {
  return join(data, 'sandbox-key');
}

/** The key that the sandbox will have: on disk before its hash is in the log, so that a crash in between loses none. */
export async function prepareSandboxKey(data: string): Promise<{ readonly key: string; readonly secretHash: string }> {
  const path = sandboxKeyPath(data);
  const kept = await readSecret(path);
  if (kept !== undefined) return { key: kept, secretHash: secretHashOf(kept) };
  const made = newApiKey();
  await writeSecret(path, made.key);
  return made;
}

/** Another key, which may do what the first one may. Its secret is nowhere but in the answer. */
export async function issueAnotherKey(engine: Engine): Promise<string> {
  const { key, secretHash } = newApiKey();
  const id = randomUUID();
  const context = {
    commandId: commandIdOf('new-key', id),
    contentHash: contentHashOf(secretHash),
    actor: 'system',
    correlationId: id,
  };
  const outcome = await engine.execute(
    { type: 'issueApiKey', apiKeyId: apiKeyId(id), name: 'Start --new-key', roles: ['admin', 'network'], secretHash },
    context,
  );
  if (outcome.done) return key;
  throw new Error(`the API key was refused: ${outcome.refusal}`);
}
