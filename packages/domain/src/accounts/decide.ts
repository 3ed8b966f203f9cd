// decide.ts: what a management call does to an account. Returns its events, or why it changes nothing.

import type { CurrencyCode } from '@holdfast/money';
import type { Controls } from '../controls/limit.ts';
import type { AccountEvent, CardIssued } from '../events.ts';
import type { AccountId, CardId, ProgramId } from '../ids.ts';
import type { Program } from '../programs/program.ts';
import { type Account, MAX_CARDS } from './account.ts';
import { decideTransfer, type SendRefusal, type TransferCommand } from './decideTransfer.ts';
import { checkCreditLine, decideFunds, type FundsCommand, type FundsRefusal } from './funds.ts';
import { withOverdraft } from './overdraft.ts';
import { decideSuspense, type ResolveRefusal, type SuspenseCommand } from './resolveSuspense.ts';

export type AccountCommand =
  | {
      readonly type: 'openAccount';
      readonly accountId: AccountId;
      readonly programId: ProgramId;
      readonly currency: CurrencyCode;
      readonly name?: string;
      /** Zero when it is left out. */
      readonly creditLineMinor?: bigint;
    }
  | { readonly type: 'closeAccount'; readonly accountId: AccountId; readonly reason?: string }
  | FundsCommand
  | TransferCommand
  | SuspenseCommand
  | { readonly type: 'setAccountControls'; readonly accountId: AccountId; readonly controls: Controls }
  | (Omit<CardIssued['data'], 'kind'> & { readonly type: 'issueCard'; readonly accountId: AccountId })
  | { readonly type: 'pauseCard' | 'resumeCard' | 'closeCard'; readonly cardId: CardId; readonly reason?: string }
  | { readonly type: 'setCardControls'; readonly cardId: CardId; readonly controls: Controls };

export type AccountRefusal =
  | FundsRefusal
  | SendRefusal
  | ResolveRefusal
  | 'account_exists'
  | 'account_not_found'
  | 'account_not_empty'
  | 'program_paused'
  | 'card_not_found'
  | 'card_closed'
  | 'card_number_taken'
  | 'too_many_cards';

type Refused = { readonly refusal: AccountRefusal };
type Decided = AccountEvent | Refused;

/** `program` is the account's program, in force. The first event stands for the command. */
export function decideAccount(
  account: Account,
  command: AccountCommand,
  program: Program,
): readonly AccountEvent[] | Refused {
  const decided = decideOne(account, command, program);
  return 'refusal' in decided ? decided : withOverdraft(account, [decided]);
}

function decideOne(account: Account, command: AccountCommand, program: Program): Decided {
  if (command.type === 'openAccount') return open(account, command, program);
  if (account.opened === undefined) return { refusal: 'account_not_found' };
  switch (command.type) {
    case 'closeAccount':
      return close(account, command);
    case 'deposit':
    case 'withdraw':
    case 'correct':
    case 'setCreditLine':
      return decideFunds(account, command);
    case 'sendTransfer':
    case 'receiveTransfer':
    case 'finishTransfer':
      return decideTransfer(account, command);
    case 'resolveSuspense':
    case 'receiveSuspense':
      return decideSuspense(account, command);
    case 'setAccountControls':
      return { type: 'AccountControlsSet', data: { controls: command.controls } };
    case 'issueCard':
      return issue(account, command, program);
    case 'pauseCard':
    case 'resumeCard':
    case 'closeCard':
    case 'setCardControls':
      return changeCard(account, command);
    default:
      return command satisfies never;
  }
}

type Command<Type> = Extract<AccountCommand, { readonly type: Type }>;

function open(
  account: Account,
  { accountId, currency, name, creditLineMinor = 0n }: Command<'openAccount'>,
  program: Program,
): Decided {
  if (account.opened !== undefined) return { refusal: 'account_exists' };
  if (program.status !== 'active') return { refusal: 'program_paused' };
  checkCreditLine(creditLineMinor);
  const label = name === undefined ? {} : { name };
  // The program's own text, for all of its accounts.
  const { programId } = program;
  return { type: 'AccountOpened', data: { accountId, programId, currency, ...label, creditLineMinor } };
}

function close(account: Account, { accountId, reason }: Command<'closeAccount'>): Decided {
  const { availableMinor, heldMinor } = account.balances;
  if (availableMinor !== 0n || heldMinor !== 0n || account.transfers.size > 0) return { refusal: 'account_not_empty' };
  return { type: 'AccountClosed', data: { accountId, ...(reason === undefined ? {} : { reason }) } };
}

function issue(account: Account, command: Command<'issueCard'>, program: Program): Decided {
  if (account.status !== 'open') return { refusal: 'account_closed' };
  if (program.status !== 'active') return { refusal: 'program_paused' };
  if (account.cards.has(command.cardId)) return { refusal: 'card_number_taken' };
  if (account.cards.size >= MAX_CARDS) return { refusal: 'too_many_cards' };
  const { type: _, accountId: __, ...facts } = command;
  return { type: 'CardIssued', data: { ...facts, kind: 'virtual' } };
}

const CARD_EVENTS = { pauseCard: 'CardPaused', resumeCard: 'CardResumed', closeCard: 'CardClosed' } as const;

/** Pausing a paused card is recorded again: the key of the call is remembered with its event. */
function changeCard(
  account: Account,
  command: Command<'pauseCard' | 'resumeCard' | 'closeCard' | 'setCardControls'>,
): Decided {
  const card = account.cards.get(command.cardId);
  if (card === undefined) return { refusal: 'card_not_found' };
  if (card.status === 'closed' && command.type !== 'closeCard') return { refusal: 'card_closed' };
  const { cardId } = command;
  if (command.type === 'setCardControls')
    return { type: 'CardControlsSet', data: { cardId, controls: command.controls } };
  return {
    type: CARD_EVENTS[command.type],
    data: { cardId, ...(command.reason === undefined ? {} : { reason: command.reason }) },
  };
}
