// traffic.ts: for tests: random traffic on a world, with every kind of event that the read models show.

import {
  type AccountId,
  type CardId,
  DAY_MS,
  type DecidableMessage,
  type Transaction,
  type TransactionId,
  transactionIdOf,
} from '@holdfast/domain';
import { limitId } from '@holdfast/events';
import { currency, type World } from './world.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Traffic = {
  /** So many things happen to the cards and accounts; all of them are in the log when this resolves. */
  run(steps: number): Promise<void>;
};

const OTHER_KINDS = [
  'authorization_advice',
  'increment',
  'increment_advice',
  'financial_authorization',
  'clearing_reversal',
  'refund_authorization',
  'refund',
  'refund_reversal',
  'balance_inquiry',
] as const;

export function startTraffic(world: World, accounts: number, seed: number): Traffic {
  const random = randomOf(seed);
  const program = world.createProgram('Traffic');
  const holders: { readonly account: AccountId; readonly cards: readonly CardId[] }[] = [];
  for (let at = 0; at < accounts; at += 1) {
    const account = world.openAccount(program, at % 3 === 0 ? 'USD' : 'EUR');
    world.deposit(account, 300_000n);
    holders.push({ account, cards: [world.issueCard(account), world.issueCard(account, 'second')] });
  }
  const networkIds = new Map<TransactionId, string>();
  let step = 0;

  function pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  const amount = (): bigint => BigInt(1 + Math.floor(random() * 9_000));

  function happen(): void {
    // Now and then long enough for holds to expire.
    world.pass(random() < 0.01 ? 8 * DAY_MS : Math.floor(random() * 40_000));
    const { account, cards } = pick(holders);
    const cardId = pick(cards);
    const state = world.accounts.get(account);
    const own = state?.opened?.currency ?? currency('EUR');
    const transactions = [...(state?.transactions.values() ?? [])];
    const known = transactions.length === 0 ? undefined : pick(transactions);
    const base = { network: 'visa', acquirerId: '400123', transmittedAt: new Date(world.now()).toISOString() };
    const merchant = {
      ...{ id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE' },
      mcc: pick(['5812', '5411', '7995']),
    };

    function authorize(identity: string, networkTransactionId = `n${step}`, foreignShare = 0.2): void {
      const amountMinor = amount();
      const foreign = {
        currency: currency(own === 'EUR' ? 'USD' : 'EUR'),
        billing: { amountMinor: (amountMinor * 109n) / 100n, currency: own },
      };
      const [first] = world.send(
        account,
        {
          ...{ ...base, type: 'authorization', cardId, stan: `${step}`, networkTransactionId, merchant },
          ...{ amountMinor, currency: own, partialApproval: random() < 0.5 },
          ...(random() < foreignShare ? foreign : {}),
        },
        identity,
      );
      const id = first && transactionIdOf(first);
      if (first?.type !== 'MessageConflicted' && id !== undefined) networkIds.set(id, networkTransactionId);
    }

    /** A clearing, and the authorization that was sent before it. */
    function overtake(): void {
      const networkTransactionId = `unknown-${step}`;
      follow(undefined, {
        ...{ type: 'clearing', final: random() < 0.5 },
        transmittedAt: new Date(world.now() + 1_000).toISOString(),
      });
      if (random() < 0.7) authorize(`overtaken-${step}`, networkTransactionId, 0.5);
    }

    /** A later message of `tx`, or of one that nobody knows. */
    function follow(
      tx: Transaction | undefined,
      message: Pick<DecidableMessage, 'type'> & Partial<DecidableMessage>,
    ): void {
      const about = {
        ...{ ...base, cardId: tx?.cardId ?? cardId, currency: tx?.currency ?? own },
        networkTransactionId: (tx && networkIds.get(tx.transactionId)) ?? `unknown-${step}`,
        ...(tx === undefined || tx.currency === own ? {} : { billing: { amountMinor: amount(), currency: own } }),
      };
      if (message.type === 'reversal') world.send(account, { ...about, ...message, type: 'reversal' });
      else {
        const whole = { ...about, stan: `${step}`, merchant, amountMinor: amount(), ...message };
        world.send(account, whole as DecidableMessage);
      }
    }

    /** A reversal, or several, and perhaps what they mean. */
    function reverseEarly(): void {
      const networkTransactionId = `unknown-${step}`;
      const parts = random() < 0.5 ? [undefined] : [amount(), amount()];
      for (const amountMinor of parts) {
        follow(undefined, { type: 'reversal', ...(amountMinor === undefined ? {} : { amountMinor }) });
      }
      if (random() < 0.5) authorize(`reversed-${step}`, networkTransactionId, 0);
    }

    /** In a currency that the program has no rate for, and not billed in the account's. */
    function adviseWithoutRate(): void {
      const foreign = currency(own === 'EUR' ? 'USD' : 'EUR');
      follow(known?.currency === own ? known : undefined, { type: 'authorization_advice', currency: foreign });
    }

    const dice = random();
    if (dice < 0.3) authorize(`message-${step}`);
    else if (dice < 0.45) follow(random() < 0.8 ? known : undefined, { type: pick(OTHER_KINDS) });
    else if (dice < 0.6) follow(known, { type: 'clearing', final: random() < 0.5 });
    else if (dice < 0.63) overtake();
    else if (dice < 0.72) follow(known, { type: 'reversal' });
    else if (dice < 0.8) follow(known, { type: 'reversal', amountMinor: amount() });
    else if (dice < 0.83) authorize(`message-${Math.floor(random() * step)}`);
    else if (dice < 0.87) for (const tx of transactions) expire(account, tx);
    else if (dice < 0.9 && known?.releasable !== undefined) {
      const { transactionId, releasable } = known;
      world.timer(account, { type: 'releaseLate', transactionId, decision: releasable.commandId });
    } else if (dice < 0.93) world.deposit(account, 10n * amount());
    else if (dice < 0.945) world.command(account, { type: 'pauseCard', cardId });
    else if (dice < 0.96) world.command(account, { type: 'resumeCard', cardId });
    else if (dice < 0.975) setControls(account, cardId);
    else if (dice < 0.99) reverseEarly();
    else adviseWithoutRate();
  }

  function expire(account: AccountId, { transactionId, expiresAt, creditExpiresAt }: Transaction): void {
    for (const at of [expiresAt, creditExpiresAt]) {
      if (at !== undefined) world.timer(account, { type: 'expire', transactionId, expiresAt: at });
    }
  }

  function setControls(account: AccountId, cardId: CardId): void {
    const limits = [{ id: limitId(`${step}`), amountMinor: 8_000n, window: { kind: 'transaction' } }] as const;
    const controls = { limits, merchantCategories: { blocked: ['7995'], allowed: [] } };
    world.command(account, { type: 'setCardControls', cardId, controls });
    if (random() < 0.3) world.command(account, { type: 'setAccountControls', accountId: account, controls });
  }

  return {
    run: async (steps) => {
      for (const end = step + steps; step < end; step += 1) {
        happen();
        if (step % 500 === 499) await world.written();
      }
      await world.written();
    },
  };
}
