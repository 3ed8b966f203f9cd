// naiveAccount.ts: the rules of the network message again, as slowly and plainly as they can be said, to test the domain by.

import type { NetworkMessage } from '../authorization/message.ts';
import type { Controls } from '../controls/limit.ts';
import { charge, type NaiveTransaction, openedBy, reverse, share, smaller, sumOf, take } from './naiveTransaction.ts';

type Parked = { message: NetworkMessage; until: number };
type Known = { content: string; answer: string; at: number; transaction?: NaiveTransaction; message: NetworkMessage };

const DAY = 24 * 60 * 60 * 1000;
const localDates = new Map<string, Intl.DateTimeFormat>();
function localDate(at: number, timeZone: string): string {
  const format = localDates.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  localDates.set(timeZone, format);
  return format.format(at);
}
const sameKind = (type: string) => type.replace('_advice', '');

/** One account in `currency`. Every function says what the account answers; `transactions` and `posted` are its state. */
export function naiveAccount(currency: string, holdDays: number) {
  const transactions: NaiveTransaction[] = [];
  const parked: Parked[] = [];
  const known = new Map<string, Known>();
  const repeats = new Map<string, Known>();
  const controls = new Map<string, Controls>();
  const cards = new Map<string, string>();
  let programPaused = false;
  let posted = 0n;
  let touches = 0;

  const held = () => transactions.reduce((sum, tx) => sum + tx.held, 0n);
  let creditLine = 0n;
  const spendable = () => posted - held() + creditLine;
  const spentOn = (date: string, zone: string, card?: string) =>
    sumOf(
      transactions
        .filter((tx) => card === undefined || tx.card === card)
        .flatMap((tx) => tx.charges.filter(({ at }) => localDate(at, zone) === date)),
    );
  const billed = ({ billing, amountMinor, currency: sent }: NetworkMessage) =>
    billing?.currency === currency ? billing.amountMinor : sent === currency ? (amountMinor ?? 0n) : undefined;
  const withNetworkId = ({ networkTransactionId: id }: NetworkMessage) =>
    transactions.filter((tx) => id !== undefined && tx.messages.some((m) => m.networkTransactionId === id));
  const isOriginal = (o: NetworkMessage['original'], m: NetworkMessage) =>
    sameKind(m.type) === sameKind(o?.type ?? '') && m.stan === o?.stan && m.transmittedAt === o?.transmittedAt;

  function open(message: NetworkMessage, now: number, answerBy: number): NaiveTransaction {
    const tx = openedBy(message, transactions.length, now, answerBy);
    tx.touchedAt = ++touches;
    transactions.push(tx);
    return tx;
  }

  function touch(tx: NaiveTransaction, message?: NetworkMessage): void {
    tx.touchedAt = ++touches;
    if (message !== undefined) tx.messages.push(message);
  }

  function breaksLimit(tx: NaiveTransaction, now: number, added: bigint): boolean {
    const over = (card?: string) =>
      (controls.get(card ?? 'account')?.limits ?? []).some(({ window, amountMinor }) =>
        window.kind === 'transaction'
          ? sumOf(tx.charges) + added > amountMinor
          : spentOn(localDate(now, window.timeZone), window.timeZone, card) + added > amountMinor,
      );
    return added > 0n && (over() || over(tx.card));
  }

  function failing(m: NetworkMessage, now: number, asked: bigint | undefined): string[] {
    const reasons: string[] = [];
    if (programPaused) reasons.push('program_paused');
    if (cards.get(m.cardId) !== 'active') reasons.push(`card_${cards.get(m.cardId)}`);
    for (const [name, whose] of [
      ['', m.cardId],
      ['account_', 'account'],
    ] as const) {
      const { blocked, allowed } = controls.get(whose)?.merchantCategories ?? { blocked: [], allowed: [] };
      const mcc = m.merchant?.mcc ?? '';
      if (blocked.includes(mcc)) reasons.push(`${name}merchant_category_blocked`);
      else if (allowed.length > 0 && !allowed.includes(mcc)) reasons.push(`${name}merchant_category_not_allowed`);
    }
    if (asked === undefined) return [...reasons, 'fx_rate_missing'];
    for (const [name, card] of [
      ['card', m.cardId],
      ['account', undefined],
    ] as const) {
      const over = (controls.get(card ?? 'account')?.limits ?? []).some(({ window, amountMinor }) => {
        if (window.kind === 'transaction') return asked > amountMinor;
        return spentOn(localDate(now, window.timeZone), window.timeZone, card) + asked > amountMinor;
      });
      if (over && asked > 0n) reasons.push(`${name}_limit_exceeded`);
    }
    return asked > 0n && asked > spendable() ? [...reasons, 'insufficient_funds'] : reasons;
  }

  function authorize(m: NetworkMessage, now: number, answerBy: number): [string, NaiveTransaction] {
    const amount = m.amountMinor ?? 0n;
    const asked = amount === 0n ? 0n : billed(m);
    const waiting = parked.filter(({ message: r, until }) => {
      if (until <= now) return false;
      if (r.original !== undefined) return r.cardId === m.cardId && isOriginal(r.original, m);
      const sameNetworkId = r.networkTransactionId !== undefined && r.networkTransactionId === m.networkTransactionId;
      return sameNetworkId || (r.rrn !== undefined && r.rrn === m.rrn && r.cardId === m.cardId);
    });
    const undone = waiting.some(({ message: r }) =>
      r.remainingAmountMinor === undefined
        ? r.amountMinor === undefined || (r.amountMinor === amount && r.currency === m.currency)
        : r.remainingAmountMinor === 0n,
    );
    for (const one of waiting) parked.splice(parked.indexOf(one), 1);
    const same = withNetworkId(m);
    const own = same
      .filter(
        (tx) => !tx.decided && tx.card === m.cardId && (m.transmittedAt ?? '') < (tx.messages[0]?.transmittedAt ?? ''),
      )
      .sort((a, b) => b.touchedAt - a.touchedAt)[0];
    if (own !== undefined && asked !== undefined && !undone) {
      const leftBilled = asked - own.clearedBilled;
      const left =
        m.currency === own.currency ? amount - own.cleared : leftBilled > 0n ? share(amount, leftBilled, asked) : 0n;
      const missing = own.final || left <= 0n ? 0n : left;
      const missingBilled =
        missing === 0n ? 0n : m.currency === own.currency ? share(asked, missing, amount) : leftBilled;
      const flags = breaksLimit(own, now, missingBilled) ? ['late', 'over_limit'] : ['late'];
      if (missingBilled > 0n && spendable() < missingBilled) flags.push('overdrawn');
      if (m.currency !== own.currency) Object.assign(own, { currency: m.currency, cleared: amount - missing });
      if (missing > 0n) own.state = 'partially_settled';
      approve(own, m, now, answerBy, { amount, asked, missing, missingBilled });
      applyWaiting(own, waiting, now);
      return [`approved ${amount} ${asked} ${flags}`, own];
    }
    const reasons = undone ? ['reversed_before_arrival', ...failing(m, now, asked)] : failing(m, now, asked);
    const partial = reasons.join() === 'insufficient_funds' && m.partialApproval === true && asked !== undefined;
    const part = partial && spendable() > 0n ? (amount * spendable()) / asked : 0n;
    const flags = same.length > 0 ? 'known_network_transaction' : '';
    const tx = open(m, now, answerBy);
    tx.decided = true;
    if (asked === undefined || (reasons.length > 0 && part === 0n)) {
      tx.state = 'declined';
      return [`declined ${reasons} ${flags}`, tx];
    }
    const given = part === 0n ? amount : part;
    const givenBilled = part === 0n ? asked : share(asked, part, amount);
    tx.messages = [];
    approve(tx, m, now, answerBy, { amount: given, asked: givenBilled, missing: given, missingBilled: givenBilled });
    applyWaiting(tx, waiting, now);
    return [`${part === 0n ? 'approved' : 'partially_approved'} ${given} ${givenBilled} ${flags}`, tx];
  }

  function applyWaiting(tx: NaiveTransaction, waiting: readonly Parked[], now: number): void {
    for (const { message } of waiting) {
      touch(tx, message);
      reverse(tx, message, now);
    }
  }

  type Sums = { amount: bigint; asked: bigint; missing: bigint; missingBilled: bigint };
  function approve(tx: NaiveTransaction, m: NetworkMessage, now: number, answerBy: number, sums: Sums): void {
    touch(tx, m);
    const { amount: approved, asked: approvedBilled, missing, missingBilled } = sums;
    const expiresAt = now + holdDays * DAY;
    const firstAsked = m.amountMinor ?? 0n;
    Object.assign(tx, { approved, approvedBilled, firstAsked, expiresAt, answerBy, decided: true, fresh: true });
    Object.assign(tx, { open: missing, openBilled: missingBilled, held: missingBilled });
    charge(tx, now, missingBilled);
  }

  function find(m: NetworkMessage, now: number): [NaiveTransaction | undefined, boolean] {
    let found = m.original
      ? transactions.filter((tx) => tx.messages.some((one) => one.cardId === m.cardId && isOriginal(m.original, one)))
      : withNetworkId(m);
    if (found.length === 0 && m.original === undefined && m.rrn !== undefined) {
      const sameRrn = (one: NetworkMessage) => one.cardId === m.cardId && one.rrn === m.rrn;
      found = transactions.filter((tx) => now - tx.openedAt <= 45 * DAY && tx.messages.some(sameRrn));
    }
    const points = (tx: NaiveTransaction) =>
      (tx.open > 0n && tx.open === m.amountMinor && tx.currency === m.currency ? 2 : 0) + (tx.open > 0n ? 1 : 0);
    const best = [...found].sort((a, b) => points(b) - points(a) || b.openedAt - a.openedAt || b.id - a.id);
    return [best[0], best.length > 1];
  }

  function reversal(m: NetworkMessage, now: number): [string, NaiveTransaction | undefined] {
    const [tx, ambiguous] = find(m, now);
    if (tx === undefined || (!tx.decided && !tx.final)) {
      parked.push({ message: m, until: now + 7 * DAY });
      return [`${m.type === 'reversal' ? 'declined' : 'accepted'} original_not_found `, undefined];
    }
    tx.fresh = false;
    const before = tx.openBilled;
    touch(tx, m);
    const refused = reverse(tx, m, now);
    const flags = [...(ambiguous ? ['ambiguous_original'] : []), ...(refused === 'over_reversal' ? [refused] : [])];
    return [`accepted ${refused === '' ? `${before - tx.openBilled}` : refused} ${flags}`, tx];
  }

  function clear(m: NetworkMessage, now: number): [string, NaiveTransaction | undefined] {
    const sum = billed(m);
    if (sum === undefined) return ['accepted  no_rate', undefined];
    const [found, ambiguous] = find(m, now);
    const duplicate = transactions.some((tx) =>
      tx.messages.some(
        (o) => o.type === 'clearing' && o.arn !== undefined && o.arn === m.arn && o.amountMinor === m.amountMinor,
      ),
    );
    const tx = found ?? open(m, now, 0);
    const flags: string[] = ambiguous ? ['ambiguous_original'] : [];
    const amount = m.amountMinor ?? 0n;
    const same = m.currency === tx.currency;
    if (!tx.decided) flags.push('force_post');
    else if (tx.approved === undefined) flags.push('after_decline');
    else {
      const stood = same ? tx.approved - tx.reversed : tx.approvedBilled - tx.reversedBilled;
      const gone = (same ? tx.approved : tx.approvedBilled) > 0n && stood === 0n;
      if ((same ? tx.approved : tx.approvedBilled) > 0n && tx.open === 0n) flags.push('late');
      if (!gone && (same ? tx.cleared + amount : tx.clearedBilled + sum) > stood) flags.push('over_capture');
    }
    if (duplicate) flags.push('possible_duplicate');
    const final = m.final !== false;
    const asked = same ? amount : sum >= tx.held ? tx.open : share(tx.open, sum, tx.held);
    const taken = final ? tx.open : smaller(tx.open, asked);
    if (found !== undefined) touch(tx, m);
    const takenBilled = take(tx, taken);
    if (breaksLimit(tx, now, sum - takenBilled)) flags.push('over_limit');
    charge(tx, now, sum - takenBilled);
    posted -= sum;
    if (spendable() < 0n) flags.push('overdrawn');
    tx.cleared += same ? amount : taken;
    tx.clearedBilled += sum;
    tx.final ||= final;
    tx.fresh = false;
    tx.state = final || tx.open === 0n ? 'settled' : 'partially_settled';
    return [`accepted ${sum} ${flags}`, tx];
  }

  return {
    transactions,
    posted: () => posted,
    held,
    spendable,
    setCreditLine: (sum: bigint) => {
      creditLine = sum;
    },
    deposit: (sum: bigint) => {
      posted += sum;
    },
    setCard: (card: string, state: string) => cards.set(card, state),
    setControls: (whose: string, all: Controls) => controls.set(whose, all),
    setProgramPaused: (paused: boolean) => {
      programPaused = paused;
    },
    spentToday: (now: number, zone: string, card?: string) => spentOn(localDate(now, zone), zone, card),
    /** The answer to a message with this identity and content. */
    receive(m: NetworkMessage, identity: string, content: string, now: number, answerBy: number): string {
      const alias = `${sameKind(m.type)} ${m.cardId} ${m.stan} ${m.rrn}`;
      const standing = m.rrn === undefined ? undefined : repeats.get(alias);
      const repeated =
        standing !== undefined && now - standing.at <= 7 * DAY
          ? m.repeat || (standing.message.repeat && (m.transmittedAt ?? '') < (standing.message.transmittedAt ?? ''))
          : false;
      const before = known.get(identity) ?? (repeated ? standing : undefined);
      if (before === undefined) {
        const [answer, transaction] =
          m.type === 'authorization'
            ? authorize(m, now, answerBy)
            : m.type === 'clearing'
              ? clear(m, now)
              : reversal(m, now);
        const one = { content, answer, at: now, message: m, ...(transaction === undefined ? {} : { transaction }) };
        known.set(identity, one);
        if (m.rrn !== undefined) repeats.set(alias, one);
        return answer;
      }
      if (before.content !== content) {
        if (m.type !== 'authorization') return 'accepted identity_conflict ';
        return 'declined identity_conflict ';
      }
      const { transaction: tx, answer } = before;
      if (m.type !== 'authorization' || tx === undefined || answer.startsWith('declined')) return answer;
      if (tx.releasedLate) return 'declined answered_late ';
      if (now > tx.answerBy) tx.fresh = false;
      return answer;
    },
    expire(tx: NaiveTransaction, now: number): void {
      if (tx.expiresAt === undefined || now < tx.expiresAt || !['pending', 'partially_settled'].includes(tx.state))
        return;
      tx.state = tx.state === 'pending' ? 'expired' : 'settled';
      charge(tx, now, -take(tx, tx.open));
      tx.fresh = false;
    },
    releaseLate(tx: NaiveTransaction, now: number): void {
      if (!tx.fresh) return;
      tx.state = { pending: 'voided', partially_settled: 'settled' }[tx.state] ?? tx.state;
      tx.reversed += tx.open;
      tx.reversedBilled += tx.openBilled;
      charge(tx, now, -take(tx, tx.open));
      Object.assign(tx, { fresh: false, releasedLate: true });
    },
  };
}
