// everyKind.test.ts: whatever is in memory, and whatever has left it, every kind of message is decided alike.

import {
  type AccountEvent,
  type Answer,
  type DecidableMessage,
  fromIso,
  type Instant,
  isOverdraft,
  MESSAGE_TYPES,
  type Recorded,
} from '@holdfast/domain';
import { accountStream, decode } from '@holdfast/events';
import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Due, type EngineOptions, openEngine } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { virtualClock } from './testing/virtualClock.ts';

const RUNS = Number(process.env.HOLDFAST_SEQUENCES ?? 120);
const USD = currencyOf('USD').code;

type Step =
  | {
      readonly does: 'send';
      readonly type: DecidableMessage['type'];
      readonly purchase: number;
      readonly link: 'network' | 'rrn' | 'original' | 'arn';
      readonly target: number;
      readonly amountMinor: bigint;
      readonly foreign: boolean;
      readonly final: boolean;
      readonly partly: 'all' | 'amount' | 'remaining';
      readonly decision: 'approved' | 'declined';
      readonly earlier: boolean;
    }
  | { readonly does: 'again'; readonly target: number; readonly marked: boolean }
  | { readonly does: 'pass'; readonly ms: number }
  | { readonly does: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constant('send' as const),
      type: fc.oneof(fc.constant('authorization' as const), fc.constantFrom(...MESSAGE_TYPES)),
      purchase: fc.nat(3),
      link: fc.constantFrom('network', 'network', 'rrn', 'original', 'arn'),
      target: fc.nat(12),
      amountMinor: fc.constantFrom(0n, 100n, 500n, 1_000n, 2_500n),
      foreign: fc.nat(9).map((n) => n === 0),
      final: fc.boolean(),
      partly: fc.constantFrom('all', 'amount', 'remaining'),
      decision: fc.constantFrom('approved', 'approved', 'approved', 'declined'),
      earlier: fc.nat(4).map((n) => n === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('again' as const), target: fc.nat(30), marked: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 6_000, 86_400_000, 604_800_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'restart' } as const) },
);

/** One engine on a log of its own, which decides on its account with as much in memory as `options` allow. */
async function newWorld(options: Partial<EngineOptions>) {
  const log = newMemoryLog();
  const index = memoryIndex();
  const clock = virtualClock();
  let codes = 0;
  const recorded = () =>
    (log.streams.get(accountStream(given.account)) ?? []).map(
      (stored, revision) => decode({ ...stored, revision }) as Recorded<AccountEvent>,
    );
  /** What the read models would say. */
  const due = (now: Instant): readonly Due[] => {
    const open = new Map<string, Due>();
    for (const { data } of recorded()) {
      if (!('expiresAt' in data) || !('transactionId' in data)) continue;
      const expiresAt = fromIso(data.expiresAt);
      const key = `${data.transactionId} ${data.expiresAt}`;
      if ('message' in data) open.set(key, { accountId: given.account, transactionId: data.transactionId, expiresAt });
      else open.delete(key);
    }
    return [...open.values()].filter(({ expiresAt }) => expiresAt <= now);
  };
  const random = (bytes: Uint8Array) => void bytes.fill(codes++ % 200);
  const open = () => openEngine({ journal: openMemoryJournal(log), index, clock, random, due, ...options });
  let engine = await open();
  await given.openProgram(engine, 50_00n);
  return {
    clock,
    send: (message: DecidableMessage) => given.send(engine, message, clock.now() + 5_000),
    async restart() {
      await engine.close();
      engine = await open();
    },
    /** What the log has of the account, but for what is drawn by lot. */
    /** What happened, but for what is drawn by lot; what expires in one moment does so in any order. */
    events() {
      // An engine that was started again notes that it repeated an answer: no effect. When an account recovers depends on
      // what expires first.
      const effects = recorded().filter(({ type }) => type !== 'AnswerRepeated' && !isOverdraft({ type }));
      const happened = effects.map(({ type, data, metadata: { occurredAt } }) => {
        const text = JSON.stringify({ ...data, authorizationCode: '', balances: '', clearingRevision: 0 }, plain);
        return { type, occurredAt, text };
      });
      return happened.toSorted((a, b) => a.occurredAt - b.occurredAt || (expires(a) && expires(b) ? order(a, b) : 0));
    },
    balances: () =>
      recorded()
        .flatMap(({ data }) => ('balances' in data ? [data.balances] : []))
        .at(-1),
    close: () => engine.close(),
  };
}

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
const expires = ({ type }: { readonly type: string }) => type.endsWith('Expired');
const order = (a: { readonly text: string }, b: { readonly text: string }) => (a.text < b.text ? -1 : 1);

function messageOf(step: Extract<Step, { readonly does: 'send' }>, n: number, sent: readonly DecidableMessage[]) {
  const { type, purchase, link, target, amountMinor, foreign, final, partly, decision, earlier } = step;
  const rrn = String(purchase).padStart(12, '0');
  const at = Date.UTC(2026, 2, 1, 12) + (earlier ? 0 : 1_000) + n;
  const named = sent[target % Math.max(sent.length, 1)];
  const original =
    link === 'original' && named !== undefined
      ? {
          original: {
            type: named.type,
            stan: named.stan ?? '',
            transmittedAt: named.transmittedAt ?? '',
            acquirerId: named.acquirerId ?? '',
          },
        }
      : {};
  const reversal = type === 'reversal' || type === 'reversal_advice';
  const amount = reversal && partly !== 'amount' ? {} : { amountMinor };
  return {
    ...{ type, cardId: given.card, network: 'visa', currency: foreign ? USD : given.EUR },
    merchant: { id: 'M1', mcc: '5812' },
    ...{ acquirerId: '400123', terminalId: 'T1', stan: String(n).padStart(6, '0') },
    transmittedAt: new Date(at).toISOString(),
    ...(link === 'network' ? { networkTransactionId: `NT${purchase}` } : {}),
    ...(link === 'rrn' || purchase === 0 ? { rrn } : {}),
    ...(link === 'arn' ? { arn: `ARN${purchase}` } : {}),
    ...(foreign ? { billing: { amountMinor: (amountMinor * 9n) / 10n, currency: given.EUR } } : {}),
    ...original,
    ...amount,
    ...(reversal && partly === 'remaining' ? { remainingAmountMinor: amountMinor } : {}),
    ...(type === 'clearing' ? { final } : {}),
    ...(type.endsWith('_advice') ? { networkDecision: decision } : {}),
  } as DecidableMessage;
}

const told = ({ authorizationCode: _, ...answer }: Answer) => answer;

test('an engine that lets go of all it can decides every kind of message as one that keeps all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const small = await newWorld({ maxResidents: 2, snapshotEvery: 3 });
      const large = await newWorld({ maxResidents: 1_000_000, snapshotEvery: 1_000_000 });
      const sent: DecidableMessage[] = [];
      try {
        for (const [n, step] of steps.entries()) {
          if (step.does === 'restart') await small.restart();
          else if (step.does === 'pass') for (const world of [small, large]) await world.clock.jump(step.ms);
          else {
            const before = sent[step.does === 'again' ? step.target % Math.max(sent.length, 1) : -1];
            if (step.does === 'again' && before === undefined) continue;
            const message =
              step.does === 'send'
                ? messageOf(step, n, sent)
                : step.marked
                  ? ({
                      ...before,
                      repeat: true,
                      transmittedAt: new Date(small.clock.now()).toISOString(),
                    } as DecidableMessage)
                  : (before as DecidableMessage);
            sent.push(message);
            const [one, other] = [await small.send(message), await large.send(message)];
            expect(told(one), message.type).toEqual(told(other));
          }
          await small.clock.advance(1);
          await large.clock.advance(1);
        }
        expect(small.events()).toEqual(large.events());
        expect(small.balances()).toEqual(large.balances());
      } finally {
        await small.close();
        await large.close();
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);
