// letters.ts: what the network has to say: purchases, and the messages of their lives, also wrong and repeated ones.

import {
  type CardId,
  type CommandId,
  type ContentHash,
  DAY_MS,
  type DecidableMessage,
  type Instant,
  type NetworkMessage,
  toIso,
} from '@holdfast/domain';
import { contentHashOfMessage, identityOf } from '@holdfast/events';
import { type CurrencyCode, currencyOf } from '@holdfast/money';
import type { Random } from './random.ts';

export const EUR = currencyOf('EUR').code;
const USD = currencyOf('USD').code;
export const SENDER = 'key_network';

/** One message as its sender wrote it; it may be sent many times. */
export type Letter = {
  readonly message: DecidableMessage;
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
  /** Repeats under another time of transmission and messages under a wrongly reused identity have its number too. */
  readonly family: number;
  readonly writtenAt: Instant;
  /** Its card was issued when it, or what it varies, was written. */
  readonly known: boolean;
};

type Purchase = {
  readonly n: number;
  readonly cardId: CardId;
  readonly currency: CurrencyCode;
  readonly amountMinor: bigint;
  readonly named: boolean;
  readonly authorization: NetworkMessage;
};

/** A repeat under another time of transmission counts for 7 days; the simulation keeps away from that edge. */
const REPEATABLE_MS = 2 * DAY_MS;

export type Post = {
  readonly letters: readonly Letter[];
  /** A new message: of a new purchase on one of `cards`, or a later one of an earlier purchase. */
  write(now: Instant, cards: readonly CardId[]): Letter;
  /** Another message under the identity of one that was written, or the same one marked as a repeat. */
  vary(now: Instant, letter: Letter): Letter;
};

/** `known` says whether a card has been issued. Until then, it is sent no advices, and nothing under other times. */
export function openPost(random: Random, known: (cardId: CardId) => boolean): Post {
  const letters: Letter[] = [];
  const purchases: Purchase[] = [];
  let count = 0;

  function letter(message: DecidableMessage, writtenAt: Instant, before?: Letter): Letter {
    const { commandId } = identityOf(message, SENDER);
    const contentHash = contentHashOfMessage(message);
    const family = before?.family ?? letters.length;
    const written = {
      message,
      commandId,
      contentHash,
      family,
      writtenAt,
      known: before?.known ?? known(message.cardId),
    };
    letters.push(written);
    return written;
  }

  /** What every message of a purchase has; the STAN is its own. */
  function base({ n, cardId, currency, named }: Omit<Purchase, 'authorization'>, now: Instant) {
    count++;
    return {
      ...{ cardId, currency, network: 'visa', acquirerId: '400123', terminalId: `T${n % 3}` },
      stan: String(count).padStart(6, '0'),
      transmittedAt: toIso(now - random.below(2_000)),
      rrn: String(n).padStart(12, '0'),
      ...(named ? { networkTransactionId: `NT${n}` } : {}),
      ...(random.chance(0.15) ? { messageId: `m${count}` } : {}),
      merchant: { id: 'M1', mcc: random.pick(['5812', '5411', '7995']) },
    };
  }

  function authorize(now: Instant, cards: readonly CardId[]): Letter {
    const n = purchases.length;
    const currency = random.chance(0.2) ? USD : EUR;
    const amountMinor = BigInt(random.chance(0.05) ? 0 : 1 + random.below(60_00));
    const purchase = { n, cardId: random.pick(cards), currency, amountMinor, named: random.chance(0.7) };
    const message: DecidableMessage = {
      ...base(purchase, now),
      type: 'authorization',
      amountMinor,
      ...billing(purchase, amountMinor),
      ...(random.chance(0.4) ? { partialApproval: true } : {}),
    };
    purchases.push({ ...purchase, authorization: message });
    return letter(message, now);
  }

  function billing({ currency }: Pick<Purchase, 'currency'>, amountMinor: bigint): Pick<NetworkMessage, 'billing'> {
    if (currency === EUR || random.chance(0.1)) return {};
    return { billing: { amountMinor: (amountMinor * 91n) / 100n + 1n, currency: EUR } };
  }

  /** By `original`, or by what the purchase's messages have in common. */
  function reference({ authorization }: Purchase): Pick<NetworkMessage, 'original'> {
    const { stan, transmittedAt, acquirerId } = authorization;
    if (stan === undefined || transmittedAt === undefined || acquirerId === undefined) return {};
    return random.chance(0.4) ? { original: { type: 'authorization', stan, transmittedAt, acquirerId } } : {};
  }

  function clear(now: Instant, purchase: Purchase): Letter {
    const { amountMinor, n } = purchase;
    const final = random.chance(0.5);
    const share = BigInt(random.pick([25, 50, 100, 100, 130]));
    const cleared = (amountMinor * share) / 100n + 1n;
    return letter(
      {
        ...base(purchase, now),
        ...reference(purchase),
        ...billing(purchase, cleared),
        ...(random.chance(0.3) ? { arn: `ARN${n}` } : {}),
        ...(final ? {} : { final }),
        type: 'clearing',
        amountMinor: cleared,
      },
      now,
    );
  }

  function reverse(now: Instant, purchase: Purchase): Letter {
    const { amountMinor } = purchase;
    const { merchant: _, ...common } = base(purchase, now);
    const half = amountMinor / 2n;
    const amount = random.pick<Pick<NetworkMessage, 'amountMinor' | 'remainingAmountMinor'>>([
      {},
      { amountMinor },
      { amountMinor: half },
      { remainingAmountMinor: half },
      { remainingAmountMinor: 0n },
      { amountMinor: amountMinor + 7n },
    ]);
    const type = random.chance(0.5) && known(purchase.cardId) ? 'reversal_advice' : 'reversal';
    return letter({ ...common, ...reference(purchase), ...amount, type }, now);
  }

  return {
    letters,
    write(now, cards) {
      const recent = purchases.slice(-12);
      if (recent.length === 0 || random.chance(0.5)) return authorize(now, cards);
      // Also of old ones, which have left memory.
      const purchase = random.pick(random.chance(0.7) ? recent : purchases);
      return random.chance(0.55) ? reverseOrClear(now, purchase) : reverse(now, purchase);
    },
    vary(now, before) {
      const { message, writtenAt } = before;
      const repeatable = message.messageId === undefined && now - writtenAt < REPEATABLE_MS;
      if (repeatable && before.known && random.chance(0.6)) {
        return letter({ ...message, repeat: true, transmittedAt: toIso(now) }, now, before);
      }
      if (message.amountMinor === undefined) return before;
      return letter({ ...message, amountMinor: message.amountMinor + 1n }, now, before);
    },
  };

  function reverseOrClear(now: Instant, purchase: Purchase): Letter {
    return random.chance(0.85) ? clear(now, purchase) : reverse(now, purchase);
  }
}
