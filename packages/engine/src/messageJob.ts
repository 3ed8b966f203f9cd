// messageJob.ts: a network message on its way through its account's stream.

import {
  type Account,
  type AccountEvent,
  type Answer,
  type AuthorizationApproved,
  answeredLate,
  answerOf,
  type CommandId,
  conflictId,
  decideMessage,
  type FinancialAuthorizationApproved,
  type IncrementApproved,
  type Instant,
  InvariantBroken,
  isRequest,
  keysNeededBy,
  type Program,
  type Recorded,
  type RefundAuthorized,
  repeatedTransaction,
  repeatId,
  type TransactionId,
  transactionKey,
} from '@holdfast/domain';
import { ANSWER_WITHIN_MS, transactionId } from '@holdfast/events';
import type { Position } from '@holdfast/journal';
import type { CurrencyCode } from '@holdfast/money';
import type { Decided, Job } from './aggregate.ts';
import type { MessageAnswered, MessageSubmission } from './engine.ts';

/** What a message needs from the engine around it. */
export type MessageSurroundings = {
  readonly now: () => Instant;
  /** Undefined: it was made by another engine, a moment ago. */
  readonly programOf: (account: Account) => Program | undefined;
  /** Sends it back once programs of other engines are known. */
  readonly toCurrent: (job: MessageJob) => void;
  readonly authorizationCode: () => string;
  /** The account does not have this card (any more than anybody else). */
  readonly toUnmatched: (job: MessageJob) => void;
  /** It was recorded as unmatched before the card was issued: the answer stands there. */
  readonly recordedElsewhere: (job: MessageJob) => void;
  readonly resubmit: (job: MessageJob) => void;
  /** An approval became durable after its deadline. */
  readonly releaseLate: (stream: string, id: TransactionId, submission: MessageSubmission) => void;
  readonly settled: (job: MessageJob) => void;
  /** Approvals that this engine decided, at least while they wait to be durable: no other will release them. */
  readonly ownApprovals: Map<CommandId, OwnApproval>;
  readonly counters: { decisions: number; repeats: number; lateDecisions: number };
};

const GOES_TO = { unmatched: 'toUnmatched', where_recorded: 'recordedElsewhere', current: 'toCurrent' } as const;

export type OwnApproval = { readonly authorizationCode: string; readonly until: Instant };

/** Senders choose their deadlines. An own approval that was forgotten before costs one event when it is repeated. */
const OWN_APPROVAL_MS = 60_000;

export class MessageJob implements Job<Account, AccountEvent> {
  readonly submission: MessageSubmission;
  /** Somebody waits until then: to its deadline, or as long as without one when it came after that. */
  readonly waitsUntil: Instant;
  /** Its account's; empty until that is known. */
  stream = '';
  readonly #around: MessageSurroundings;
  readonly #resolve: (answered: MessageAnswered) => void;
  readonly #reject: (error: Error) => void;
  #answer: Answer | undefined;
  #goesTo: keyof typeof GOES_TO | undefined;
  #accountCurrency: CurrencyCode | undefined;
  /** What other engines had written of programs when it came is known. */
  #isCurrent = false;
  /** Of the approval that this repeats, while it has not passed. */
  #deadlineOfRepeated: Instant | undefined;
  /** The network has its answer, or is told 91: what comes later goes to nobody. */
  #answered = false;

  constructor(
    submission: MessageSubmission,
    around: MessageSurroundings,
    resolve: (answered: MessageAnswered) => void,
    reject: (error: Error) => void,
  ) {
    this.submission = submission;
    const now = around.now();
    this.waitsUntil = submission.answerBy >= now ? submission.answerBy : now + ANSWER_WITHIN_MS;
    this.#around = around;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  needs(account: Account): readonly string[] {
    const { message, commandId, contentHash } = this.submission;
    const keys = keysNeededBy(message, commandId, contentHash, account.absentTransmission);
    const known = repeatedTransaction(account, message, commandId);
    return known === undefined || account.transactions.has(known) ? keys : [...keys, transactionKey(known)];
  }

  decide(account: Account, now: Instant): Decided<AccountEvent> {
    const { message, commandId, contentHash, answerBy, correlationId, actor } = this.submission;
    this.#answer = undefined;
    this.#deadlineOfRepeated = undefined;
    this.#goesTo = account.cards.has(message.cardId) ? undefined : 'unmatched';
    if (this.#goesTo !== undefined) return { restsOn: 'head' };
    this.#accountCurrency = account.opened?.currency;
    const program = this.#around.programOf(account);
    if (program === undefined) {
      if (this.#isCurrent) throw new InvariantBroken('an account of a program that is not in the log');
      this.#isCurrent = true;
      this.#goesTo = 'current';
      return { restsOn: -1 };
    }
    const decision = decideMessage(account, message, {
      now,
      answerBy,
      commandId,
      contentHash,
      program,
      transactionId: transactionId(commandId),
      authorizationCode: this.#around.authorizationCode(),
    });
    const { programId } = program;
    switch (decision.kind) {
      case 'decided':
        if (isRequest(message.type) && message.type !== 'reversal' && this.#around.now() > answerBy) {
          // The network has stopped waiting: nothing new is decided that nobody would hear of.
          this.#answer = unanswered(this.submission);
          return { restsOn: -1 };
        }
        this.#noteApproval(decision.events);
        return {
          append: decision.events,
          metadata: { commandId: decision.commandId, contentHash, correlationId, actor, programId },
        };
      case 'repeated': {
        this.#answer = decision.answer;
        this.#deadlineOfRepeated = deadline(account, decision, now);
        const noted = decision.events.length > 0 ? decision.events : this.#keepForRepeat(account, decision.answer);
        // When nobody hears of it any more, nothing keeps its hold.
        const events = this.#overdue ? [] : noted;
        if (events.length === 0) return { restsOn: restsOn(account, decision.answer, this.submission) };
        this.#deadlineOfRepeated = undefined;
        return { append: events, metadata: { commandId: repeatId(commandId), correlationId, actor, programId } };
      }
      case 'recorded_elsewhere':
        this.#goesTo = 'where_recorded';
        return { restsOn: 'all' };
      default:
        return decision satisfies never;
    }
  }

  #noteApproval([first]: readonly AccountEvent[]): void {
    if (first === undefined || !isApproval(first)) return;
    const { authorizationCode } = first.data;
    const until = Math.min(this.submission.answerBy, this.#around.now() + OWN_APPROVAL_MS);
    this.#around.ownApprovals.set(this.submission.commandId, { authorizationCode, until });
  }

  /**
   * Before its deadline, only the engine that decided an approval knows whether it will be released as late. Another one
   * notes the repeat, as after the deadline: then it is not.
   */
  #keepForRepeat({ transactions }: Account, { transactionId: id, authorizationCode }: Answer): readonly AccountEvent[] {
    if (this.#deadlineOfRepeated === undefined || id === undefined) return [];
    const releasable = transactions.get(id)?.releasable;
    if (releasable === undefined) return [];
    const own = this.#around.ownApprovals.get(releasable.commandId)?.authorizationCode === authorizationCode;
    if (own) return [];
    return [{ type: 'AnswerRepeated', data: { transactionId: id, repeats: this.submission.commandId } }];
  }

  done(recorded: readonly Recorded<AccountEvent>[], position: Position): void {
    const { counters, now, resubmit, releaseLate } = this.#around;
    if (this.#goesTo !== undefined) {
      this.#around[GOES_TO[this.#goesTo]](this);
      return;
    }
    // The approval that this repeats became durable after its own deadline: it may be released, so look again.
    if (this.#deadlineOfRepeated !== undefined && now() > this.#deadlineOfRepeated) {
      resubmit(this);
      return;
    }
    const [first] = recorded;
    if (this.#answer === undefined) counters.decisions++;
    else counters.repeats++;
    const answer = this.#answer ?? (first === undefined ? undefined : answerOf(first));
    if (answer === undefined) {
      this.failed(new InvariantBroken('a decided message without an answer'));
      return;
    }
    const late = this.settle(answer, position);
    if (late && first !== undefined && isApproval(first))
      releaseLate(this.stream, first.data.transactionId, this.submission);
  }

  /** Told 91 already, or about to be. A repeat waits anew: it may be the very bytes of long ago, with their deadline. */
  get #overdue(): boolean {
    return this.#answered || this.#around.now() > this.waitsUntil;
  }

  /** Answers in time, or 91 when nobody waits any longer; returns which. Facts are accepted whenever they became durable. */
  settle(answer: Answer, position: Position): boolean {
    const late = this.#answered || (answer.decision !== 'accepted' && this.#overdue);
    if (late) this.#around.counters.lateDecisions++;
    this.#finish(late ? answeredLate(answer) : answer, position);
    return late;
  }

  /** Nobody waits any longer: the network is told 91 now, whatever becomes of the message. */
  expire(position: Position): void {
    this.#finish(unanswered(this.submission), position);
  }

  failed(error: Error): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#around.settled(this);
    this.#reject(error);
  }

  #finish(answer: Answer, position: Position): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#around.settled(this);
    const accountCurrency = this.#accountCurrency;
    this.#resolve({ answer, position, ...(accountCurrency === undefined ? {} : { accountCurrency }) });
  }
}

/** For the network that stopped waiting: it may send the message again. */
function unanswered({ message: { currency } }: MessageSubmission): Answer {
  return answeredLate({ decision: 'declined', responseCode: '91', currency, reasons: [], flags: [] });
}

/** A repeat's answer rests on the event that gave it (its own, or that of a conflict), and on its transaction's newest. */
function restsOn(
  account: Account,
  { transactionId: id }: Answer,
  { commandId, contentHash }: MessageSubmission,
): number | 'all' {
  const records = [commandId, conflictId(commandId, contentHash)].map((each) => account.commands.get(each));
  const revisions = records.flatMap((record) => (record === undefined ? [] : [record.revision]));
  if (revisions.length === 0) return 'all';
  const transaction = id === undefined ? undefined : account.transactions.get(id);
  return Math.max(...revisions, transaction?.lastRevision ?? -1);
}

/** Of the approval that is repeated, while it has not passed and nothing has touched its transaction. */
function deadline(
  account: Account,
  { answer: { transactionId: id }, revision }: { readonly answer: Answer; readonly revision: number },
  now: Instant,
): Instant | undefined {
  const releasable = id === undefined ? undefined : account.transactions.get(id)?.releasable;
  return releasable?.revision === revision && now <= releasable.answerBy ? releasable.answerBy : undefined;
}

type Approval = AuthorizationApproved | IncrementApproved | FinancialAuthorizationApproved | RefundAuthorized;

/** What can turn out to have come too late, and is then released. */
function isApproval(event: AccountEvent): event is Approval {
  switch (event.type) {
    case 'AuthorizationApproved':
    case 'IncrementApproved':
    case 'FinancialAuthorizationApproved':
    case 'RefundAuthorized':
      return true;
    default:
      return false;
  }
}
