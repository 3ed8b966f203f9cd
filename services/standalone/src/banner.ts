// banner.ts: what a person sees when Holdfast has started.

import { resolve } from 'node:path';
import { describeLocation } from '@holdfast/journal';
import { formatMinor, isCurrencyCode } from '@holdfast/money';
import type { AccountView, CardView } from '@holdfast/projections';
import type pc from 'picocolors';
import { sandboxKeyPath } from './apiKeys.ts';
import type { Configuration } from './configuration.ts';
import { firstAuthorization, quoted } from './firstAuthorization.ts';
import type { Holdfast } from './holdfast.ts';
import { grouped } from './output.ts';

type Colours = ReturnType<typeof pc.createColors>;

const SHOWN_ACCOUNTS = 8;

/** `now` makes the authorization of the `curl` line unlike any other. */
export function banner(
  holdfast: Holdfast,
  { data, log, mode, decides }: Configuration,
  now: number,
  c: Colours,
): string {
  const { address, queries, newKey } = holdfast;
  const accounts = queries.accounts({}, { limit: SHOWN_ACCOUNTS }).data.toReversed();
  const keyPath = resolve(sandboxKeyPath(data));
  const card = cardToTry(holdfast);
  const tryIt = decides && mode === 'sandbox' && holdfast.sandbox === 'made' && card !== undefined;
  const lines = [
    '',
    `${c.bold('Holdfast')} ${c.dim(decides ? `is running, ${mode} mode` : `serves platforms, ${mode} mode`)}`,
    '',
    ...rows(c, 'Address', [c.cyan(address)]),
    ...('eventStore' in log ? rows(c, 'Log', [describeLocation(log)]) : []),
    ...rows(c, 'Data', [resolve(data)]),
    ...rows(c, 'API key', keyLines(holdfast, keyPath, mode, c)),
    ...rows(c, 'Accounts', accountLines(accounts)),
    ...(card === undefined ? [] : rows(c, 'A card', [`${card.id}${c.dim(`  ${noteOf(card)}`)}`])),
    '',
  ];
  if (tryIt) {
    const currency = accounts.find(({ id }) => id === card.accountId)?.currency ?? 'EUR';
    lines.push(
      c.bold('Send a first authorization'),
      '',
      firstAuthorization({ address, keyPath, cardId: card.id, currency, now }),
      '',
      c.bold('Then'),
      '',
      ...nextSteps(holdfast, { data, log }, c),
      '',
    );
  } else if (!decides) {
    lines.push(
      c.dim('Network messages are decided by authorizers: HOLDFAST_AUTHORIZER=NAME npx holdfast authorizer'),
      '',
    );
  } else if (!holdfast.current) {
    lines.push(c.dim('The read models are still being made from the log; /ready says when reads are up to date.'), '');
  } else if (newKey === undefined && accounts.length === 0) {
    lines.push(c.dim('There is nothing here yet. A key to begin with: holdfast start --new-key'), '');
  }
  return lines.join('\n');
}

/** As they must be typed for this server, which may not be where the commands look by themselves. */
function nextSteps({ address }: Holdfast, { data, log }: Pick<Configuration, 'data' | 'log'>, c: Colours): string[] {
  const folder = resolve(data) === resolve('data') ? '' : ` --data ${quoted(resolve(data))}`;
  // The connection string may hold a password: it is not repeated here.
  const [where, same] = 'eventStore' in log ? ['', ', with the same HOLDFAST_EVENTSTORE'] : [folder, ''];
  const url = address === 'http://127.0.0.1:2600' ? '' : ` --url ${address}`;
  const steps = [
    [`npm run simulate${url === '' && folder === '' ? '' : ' --'}${url}${folder}`, 'a card network sends traffic'],
    [`npx holdfast log${where}`, `prints what happened${same}`],
    [`npx holdfast verify${where}`, `replays it and checks that everything holds${same}`],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return steps.map(([command, what]) => `  ${command.padEnd(width)}   ${c.dim(what)}`);
}

function rows(c: Colours, name: string, values: readonly string[]): string[] {
  return values.map((value, at) => `  ${c.dim((at === 0 ? name : '').padEnd(10))} ${value}`);
}

function keyLines({ newKey, sandbox }: Holdfast, keyPath: string, mode: Configuration['mode'], c: Colours): string[] {
  const kept = mode === 'sandbox' && sandbox === 'made';
  if (newKey !== undefined) {
    return [c.bold(newKey), c.dim(kept ? `shown only now; the simulator reads it from ${keyPath}` : 'shown only now')];
  }
  return [
    c.dim(kept ? `in ${keyPath}; another one: holdfast start --new-key` : 'another one: holdfast start --new-key'),
  ];
}

function accountLines(accounts: readonly AccountView[]): string[] {
  const shown = accounts.map(({ id, name = '', currency, balances }) => ({
    id,
    name,
    currency,
    amount: amountOf(balances.availableMinor, currency),
  }));
  const names = Math.max(0, ...shown.map(({ name }) => name.length));
  const amounts = Math.max(0, ...shown.map(({ amount }) => amount.length));
  return shown.map(
    ({ id, name, currency, amount }) => `${id}  ${name.padEnd(names)}  ${amount.padStart(amounts)} ${currency}`,
  );
}

function amountOf(minor: bigint, currency: string): string {
  if (!isCurrencyCode(currency)) return minor.toString();
  const [whole = '', fraction] = formatMinor(minor, currency).split('.');
  const text = whole.startsWith('-') ? `-${grouped(BigInt(whole.slice(1)))}` : grouped(BigInt(whole));
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** The oldest of the active cards: the sandbox's first one, which pays at restaurants. */
function cardToTry({ queries }: Holdfast): CardView | undefined {
  return queries.cards({ status: 'active' }, { limit: SHOWN_ACCOUNTS }).data.at(-1);
}

function noteOf({ label, controls }: CardView): string {
  const blocked = controls.merchantCategories.blocked.length > 0 ? ', no gambling' : '';
  const limits = controls.limits.length === 1 ? ', one limit' : '';
  return `${label ?? 'without a label'}${limits}${blocked}`;
}
