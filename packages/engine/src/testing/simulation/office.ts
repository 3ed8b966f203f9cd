// office.ts: what the platform wants done: money in, cards out, paused, closed, limited.

import type { AccountId, CardId, Controls, ProgramId } from '@holdfast/domain';
import {
  accountId,
  accountStream,
  cardId,
  correctionId,
  depositId,
  limitId,
  programId,
  transferId,
  withdrawalId,
} from '@holdfast/events';
import type { ManagementCommand } from '../../engine.ts';
import type { Call } from './clients.ts';
import { EUR } from './letters.ts';
import type { Random } from './random.ts';

const PROGRAM: ProgramId = programId('simulation');
const ACCOUNTS: readonly AccountId[] = ['a', 'b', 'c'].map((name) => accountId(name));
/** To whom transfers are sent in vain. */
const NOBODY: AccountId = accountId('nobody');
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'] as const;

export type Office = {
  /** Cards that have an account, or are to get one. */
  readonly owners: ReadonlyMap<CardId, AccountId>;
  /** Cards that messages are sent for: also one that is not issued yet, and one that never is. */
  readonly cards: readonly CardId[];
  /** Everything that must be there before the first message, in order. */
  readonly opening: readonly Call[];
  issue(card: CardId): Call;
  /** Somebody decides about what was left in suspense there. */
  resolve(random: Random, item: { readonly stream: string; readonly revision: number }): Call;
  /** Something new. */
  draft(random: Random, issued: readonly CardId[]): Call;
};

export function openOffice(): Office {
  const owners = new Map<CardId, AccountId>();
  for (const account of ACCOUNTS) for (const n of [1, 2]) owners.set(cardId(account, String(n)), account);
  const first = [...owners.keys()];
  const later = ACCOUNTS.map((account) => cardId(account, 'later'));
  for (const [at, card] of later.entries()) owners.set(card, ACCOUNTS[at] ?? ACCOUNTS[0] ?? accountId('a'));
  let calls = 0;
  /** The last call about the program that was drafted pauses it. */
  let paused = false;

  const call = (command: ManagementCommand): Call => ({ command, key: `call ${calls++} ${command.type}` });

  function issue(card: CardId): Call {
    const account = owners.get(card);
    if (account === undefined) throw new RangeError(`${card} belongs to nobody`);
    const facts = { bin: '999999', last4: '0000', expiry: '3012', fingerprintKeyId: 'test' };
    return call({ type: 'issueCard', accountId: account, cardId: card, ...facts });
  }

  function deposit(account: AccountId, amountMinor: bigint): Call {
    return call({
      type: 'deposit',
      accountId: account,
      depositId: depositId(String(calls)),
      amountMinor,
      currency: EUR,
    });
  }

  return {
    owners,
    cards: [...first, ...later, cardId('stranger')],
    opening: [
      call({ type: 'createProgram', programId: PROGRAM, name: 'Simulation', holdExpiryDays: 1 }),
      ...ACCOUNTS.map((account) =>
        call({ type: 'openAccount', accountId: account, programId: PROGRAM, currency: EUR }),
      ),
      ...ACCOUNTS.map((account) => deposit(account, 150_00n)),
      ...first.map(issue),
    ],
    issue,
    resolve(random, item) {
      const accountId = random.pick([...ACCOUNTS, ...ACCOUNTS, NOBODY]);
      const borne = random.pick(['losses', 'adjustments'] as const);
      const owner = ACCOUNTS.find((each) => accountStream(each) === item.stream);
      const own = owner !== undefined && random.chance(0.6) ? { accountId: owner, accountMinor: 7_00n } : undefined;
      const to = own ?? (random.chance(0.8) ? { accountId, accountMinor: undefined } : borne);
      return call({ type: 'resolve', ...item, to, reason: 'x' });
    },
    draft(random, issued) {
      if (random.chance(paused ? 0.5 : 0.08)) {
        paused = !paused;
        return call({ type: paused ? 'pauseProgram' : 'resumeProgram', programId: PROGRAM });
      }
      const card = random.pick(issued);
      const account = random.pick(ACCOUNTS);
      const type = random.pick([
        ...(['deposit', 'deposit', 'pauseCard', 'resumeCard', 'resumeCard', 'setCardControls'] as const),
        ...(['setCardControls', 'setAccountControls', 'closeCard', 'closeAccount'] as const),
        ...(['withdraw', 'correct', 'setCreditLine', 'transfer', 'transfer'] as const),
      ]);
      switch (type) {
        case 'deposit':
          return deposit(account, BigInt(1 + random.below(80_00)));
        case 'withdraw':
          return call({ type, accountId: account, withdrawalId: withdrawalId(String(calls)), ...sum(random) });
        case 'correct': {
          const direction = random.pick(['credit', 'debit'] as const);
          const facts = {
            correctionId: correctionId(String(calls)),
            direction,
            against: 'losses',
            reason: 'x',
          } as const;
          return call({ type, accountId: account, ...facts, ...sum(random) });
        }
        case 'transfer': {
          const target = random.pick([...ACCOUNTS, NOBODY]);
          return call({ type, accountId: account, transferId: transferId(String(calls)), target, ...sum(random) });
        }
        case 'setCreditLine':
          return call({ type, accountId: account, creditLineMinor: BigInt(random.below(20_00)) });
        case 'closeAccount':
          return call({ type, accountId: account });
        case 'setAccountControls':
          return call({ type, accountId: account, controls: controlsFrom(random) });
        case 'setCardControls':
          return call({ type, cardId: card, controls: controlsFrom(random) });
        case 'closeCard':
          // Seldom: little happens on a closed card.
          return call({ type: random.chance(0.3) ? type : 'resumeCard', cardId: card });
        default:
          return call({ type, cardId: card });
      }
    },
  };
}

function sum(random: Random) {
  return { amountMinor: BigInt(1 + random.below(30_00)), currency: EUR };
}

function controlsFrom(random: Random): Controls {
  const limits: Controls['limits'][number][] = [];
  const amount = (most: number) => BigInt(random.below(most));
  if (random.chance(0.5)) {
    limits.push({ id: limitId('one'), amountMinor: amount(60_00), window: { kind: 'transaction' } });
  }
  if (random.chance(0.6)) {
    const timeZone = random.pick(ZONES);
    limits.push({ id: limitId('day'), amountMinor: amount(150_00), window: { kind: 'day', timeZone } });
  }
  const blocked = random.chance(0.2) ? ['7995'] : [];
  return { limits, merchantCategories: { blocked, allowed: [] } };
}
