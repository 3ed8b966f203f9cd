// clearCommand.ts: `holdfast clear FILE`: sends a clearing file to a server and prints what became of it.

import { openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { CLEARING_FILE_LIMITS } from '@holdfast/events';
import { sandboxKeyPath } from './apiKeys.ts';
import { clearAnswer, problemAnswer } from './clearAnswer.ts';
import { clearText, refusalText } from './clearText.ts';
import type { ClearFlags } from './commandLine.ts';
import { colours, print } from './output.ts';
import { EXIT, type ExitStatus, Refusal } from './refusal.ts';
import { DEFAULT_DATA, type Environment, set } from './settings.ts';

const DEFAULT_URL = 'http://127.0.0.1:2600';

/** Rejects with `Refusal` when the file is refused, or nobody knows whether it was applied. */
export async function clear(file: string, flags: ClearFlags, environment: Environment): Promise<ExitStatus> {
  const url = addressOf(flags.url ?? set(environment.HOLDFAST_URL) ?? DEFAULT_URL);
  const key = await keyOf(flags, environment);
  const { status, body } = await send(await bodyOf(file), url, key);
  if (status !== 200) throw refusalOf(status, body);
  const answer = clearAnswer.safeParse(body);
  if (!answer.success) throw new Refusal(`${url} answered otherwise than Holdfast does; is it one?`);
  await print(flags.json ? JSON.stringify(body, undefined, 2) : clearText(answer.data, colours));
  return answer.data.report.clean ? EXIT.ok : EXIT.broken;
}

function addressOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Refusal('--url (HOLDFAST_URL) takes the address of a server, such as http://127.0.0.1:2600.');
  }
  return url.href.replace(/\/+$/, '');
}

async function keyOf(flags: ClearFlags, environment: Environment): Promise<string> {
  const given = flags.key ?? set(environment.HOLDFAST_API_KEY);
  if (given !== undefined) return given;
  const path = sandboxKeyPath(flags.data ?? set(environment.HOLDFAST_DATA) ?? DEFAULT_DATA);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw new Refusal(`there is no API key: give one with --key or HOLDFAST_API_KEY; ${path} is not there.`);
  }
}

async function bodyOf(file: string): Promise<Blob> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new Refusal(`${file} cannot be read: there is no such file.`);
  if (found.size > CLEARING_FILE_LIMITS.fileBytes) {
    throw new Refusal(
      `${file} has more than the ${CLEARING_FILE_LIMITS.fileBytes} bytes that a clearing file may have.`,
    );
  }
  return openAsBlob(file);
}

async function send(
  body: Blob,
  url: string,
  key: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  try {
    const answer = await fetch(`${url}/v1/network/clearing_files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body,
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text) };
  } catch (error) {
    throw new Refusal(`no answer from ${url} (${reasonOf(error)}): ${SEND_AGAIN}`, EXIT.fatal);
  }
}

const SEND_AGAIN = 'send the file again; what was applied of it is not applied twice.';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

function refusalOf(status: number, body: unknown): Refusal {
  const problem = problemAnswer.safeParse(body);
  const sentence = problem.success ? refusalText(problem.data) : `the server answered ${status}.`;
  return status >= 500 ? new Refusal(`${sentence} ${SEND_AGAIN}`, EXIT.fatal) : new Refusal(sentence);
}
