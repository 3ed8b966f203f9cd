// world.ts: the accounts and cards that every benchmark of authorizations uses, the same in every process.

import type { AccountId, CardId } from '@holdfast/domain';
import type { Engine, ManagementCommand } from '@holdfast/engine';
import {
  accountId,
  apiKeyId,
  commandIdOf,
  contentHashOf,
  depositId,
  limitId,
  programId,
  typeId,
} from '@holdfast/events';
import { secretHashOf } from '@holdfast/http';
import { currencyOf } from '@holdfast/money';
import { luhnValid, openVault } from '@holdfast/vault';

export const API_KEY = `hf_${'b'.repeat(43)}`;
export const FINGERPRINT_KEY = new Uint8Array(32).fill(7);
export const PROGRAM = programId('bench');
export const EUR = currencyOf('EUR').code;
export const vault = openVault({ key: FINGERPRINT_KEY });

/** Nobody reaches it, but it is counted. */
export const DAILY_LIMIT_MINOR = 999_999_999_999n;
export const BLOCKED_CATEGORIES = ['7995', '5933', '6051'];
export const TIME_ZONE = 'Europe/Berlin';

export type BenchCard = { readonly accountId: AccountId; readonly cardId: CardId; readonly number: string };

/** Every account has one card. Numbers are counted: of 20,000 random ones two would likely be the same. */
export function cardAt(at: number): BenchCard {
  const number = vault.bin + String(at).padStart(9, '0');
  const checked = Array.from('0123456789', (digit) => number + digit).find(luhnValid) ?? number;
  return {
    accountId: accountId('bench', String(at)),
    cardId: typeId('card', vault.fingerprint(checked)),
    number: checked,
  };
}

/** Creates the program, an API key, and `accounts` accounts with money and a card that has a daily limit. */
export async function makeWorld(engine: Engine, accounts: number): Promise<void> {
  await run(engine, 'program', { type: 'createProgram', programId: PROGRAM, name: 'Bench', holdExpiryDays: 7 });
  const secretHash = secretHashOf(API_KEY);
  const roles = ['admin', 'network'];
  await run(engine, 'key', { type: 'issueApiKey', apiKeyId: apiKeyId('bench'), name: 'Bench', roles, secretHash });
  for (let from = 0; from < accounts; from += 1_000) {
    const chunk = Array.from({ length: Math.min(1_000, accounts - from) }, (_, at) => makeAccount(engine, from + at));
    await Promise.all(chunk);
  }
}

async function makeAccount(engine: Engine, at: number): Promise<void> {
  const { accountId: id, cardId, number } = cardAt(at);
  await run(engine, `account ${at}`, { type: 'openAccount', accountId: id, programId: PROGRAM, currency: EUR });
  const deposit = { depositId: depositId('bench', String(at)), amountMinor: 900_000_000_000n, currency: EUR };
  await run(engine, `deposit ${at}`, { type: 'deposit', accountId: id, ...deposit });
  const facts = { bin: vault.bin, last4: number.slice(-4), expiry: '3912', fingerprintKeyId: vault.keyId };
  await run(engine, `card ${at}`, { type: 'issueCard', accountId: id, cardId, ...facts });
  await setControls(engine, at);
}

/** Once more it changes nothing, but it brings the card and its account into memory. */
export async function setControls(engine: Engine, at: number): Promise<void> {
  const { cardId } = cardAt(at);
  const limits = [
    {
      id: limitId('bench', String(at)),
      amountMinor: DAILY_LIMIT_MINOR,
      window: { kind: 'day', timeZone: TIME_ZONE } as const,
    },
  ];
  const controls = { limits, merchantCategories: { blocked: BLOCKED_CATEGORIES, allowed: [] } };
  await run(engine, `controls ${at}`, { type: 'setCardControls', cardId, controls });
}

async function run(engine: Engine, name: string, command: ManagementCommand): Promise<void> {
  const context = {
    commandId: commandIdOf('bench', name),
    contentHash: contentHashOf(name),
    actor: 'bench',
    correlationId: name,
  };
  const outcome = await engine.execute(command, context);
  if (!outcome.done) throw new Error(`${name} was refused: ${outcome.refusal}`);
}
