// cards.ts: the cards to pay with, by their ids, each with the currency of its account. No number is needed or asked for.

import { isCurrencyCode } from '@holdfast/money';
import { z } from 'zod';
import { InputError } from './source.ts';
import type { SimulatedCard } from './traffic/purchase.ts';
import { failureName, type Transport } from './transport.ts';

/** 100 a page: the newest 10,000 cards, and the newest 10,000 accounts. */
const PAGE = 100;
export const MOST_PAGES = 100;

const cardSchema = z.looseObject({
  id: z.string(),
  account_id: z.string(),
  controls: z.looseObject({ merchant_categories: z.looseObject({ allowed: z.array(z.string()) }) }).nullish(),
});
const accountSchema = z.looseObject({ id: z.string(), currency: z.string() });

/**
 * Active cards in the order of their ids, so that a seed draws the same ones. Rejects with `InputError`: nothing
 * answers, the key is not accepted, there is no card.
 */
export async function activeCards(transport: Pick<Transport, 'get'>, url: string): Promise<readonly SimulatedCard[]> {
  const cards = await everyPage(transport, url, '/v1/cards?status=active', cardSchema);
  if (cards.length === 0) {
    throw new InputError(
      `Holdfast at ${url} has no active card: issue one with POST /v1/cards, or start a sandbox on an empty data folder with npm start.`,
    );
  }
  const accounts = await everyPage(transport, url, '/v1/accounts', accountSchema);
  const currencies = new Map(accounts.map(({ id, currency }) => [id, currency]));
  const usable = cards.flatMap(({ id, account_id, controls }) => {
    const currency = currencies.get(account_id);
    return currency !== undefined && isCurrencyCode(currency)
      ? [{ id, currency, allowed: controls?.merchant_categories.allowed ?? [] }]
      : [];
  });
  if (usable.length === 0) {
    throw new InputError(`None of the ${cards.length} active cards at ${url} belongs to one of its newest accounts.`);
  }
  return usable.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function everyPage<Item>(
  transport: Pick<Transport, 'get'>,
  url: string,
  path: string,
  schema: z.ZodType<Item>,
): Promise<readonly Item[]> {
  const list = z.looseObject({ data: z.array(schema), next_cursor: z.string().nullable() });
  const found: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const separator = path.includes('?') ? '&' : '?';
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const body = list.safeParse(await answered(transport, url, `${path}${separator}limit=${PAGE}${after}`));
    if (!body.success) throw new InputError(`${url} answers, but not as Holdfast does: is it the right address?`);
    found.push(...body.data.data);
    cursor = body.data.next_cursor;
    if (cursor === null) break;
  }
  return found;
}

async function answered(transport: Pick<Transport, 'get'>, url: string, path: string): Promise<unknown> {
  let answer: Awaited<ReturnType<Transport['get']>>;
  try {
    answer = await transport.get(path);
  } catch (error) {
    throw new InputError(`Nothing answers at ${url} (${failureName(error)}): start Holdfast there with npm start.`);
  }
  switch (answer.status) {
    case 200:
      return answer.body;
    case 401:
      throw new InputError(`Holdfast at ${url} does not know this API key: give one with --key or HOLDFAST_API_KEY.`);
    case 403:
      throw new InputError('This API key may not list cards: it needs a role beside network, such as issuer.');
    default:
      throw new InputError(`${url} answered ${answer.status} to a list of cards: is it the right address?`);
  }
}
