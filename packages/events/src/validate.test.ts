import type { DomainEvent } from '@holdfast/domain';
import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import { encode } from './codec.ts';
import { commandIdOf, depositId } from './ids.ts';
import { validate } from './validate.ts';

const eur = currencyOf('EUR').code;
const deposited: DomainEvent = {
  type: 'FundsDeposited',
  data: {
    depositId: depositId('d'),
    amountMinor: 5000n,
    currency: eur,
    entry: [
      { account: 'bank', currency: eur, debitMinor: 5000n },
      { account: 'available', currency: eur, creditMinor: 5000n },
    ],
    balances: { availableMinor: 5000n, heldMinor: 0n },
  },
};
const stored = encode(deposited, { occurredAt: 0, commandId: commandIdOf('a'), correlationId: 'r', actor: 'system' });

describe('validating a stored event', () => {
  test('finds nothing wrong with one as it is written', () => {
    expect(validate(stored)).toEqual([]);
  });

  test.each([
    ['an unknown type', { type: 'FundsStolen' }, 'type'],
    ['data that is not JSON', { data: '{' }, 'data'],
    ['data that is a list', { data: '[]' }, 'data'],
    ['metadata that is not JSON', { metadata: '{' }, 'metadata'],
    ['a newer version', edited('metadata', { schemaVersion: 9 }), 'metadata.schemaVersion'],
    ['a command id that is no hash', edited('metadata', { commandId: 'x' }), 'metadata.commandId'],
    ['an unknown field beside the metadata', edited('metadata', { host: 'x' }), 'metadata'],
    ['a time without milliseconds', edited('metadata', { occurredAt: '2026-03-01T12:00:00Z' }), 'metadata.occurredAt'],
    ['an unknown field', edited('data', { tip: '1' }), 'data'],
    ['an id of another kind', edited('data', { depositId: 'acct_01h455vb4pex5vsknk084sn02q' }), 'data.depositId'],
    ['an amount as a number', edited('data', { amountMinor: 5000 }), 'data.amountMinor'],
    ['an amount of zero', edited('data', { amountMinor: '0' }), 'data.amountMinor'],
    ['no currency', edited('data', { currency: 'XXX' }), 'data.currency'],
    ['a text that is too long', edited('data', { reference: 'x'.repeat(1025) }), 'data.reference'],
    ['an entry of one leg', edited('data', { entry: [leg('debitMinor', '1', 'EUR')] }), 'data.entry'],
    [
      'an entry that balances only across currencies',
      edited('data', { entry: [leg('debitMinor', '1', 'EUR'), leg('creditMinor', '1', 'USD')] }),
      'data.entry',
    ],
  ])('names the field of %s', (_, change, field) => {
    expect(validate({ ...stored, ...change }).map((issue) => issue.field)).toContain(field);
  });

  test('takes a text of the greatest length', () => {
    expect(validate({ ...stored, ...edited('data', { reference: 'x'.repeat(1024) }) })).toEqual([]);
  });
});

function edited(part: 'data' | 'metadata', change: object) {
  return { [part]: JSON.stringify({ ...JSON.parse(stored[part]), ...change }) };
}

function leg(side: 'debitMinor' | 'creditMinor', amount: string, currency: string) {
  return { account: 'bank', currency, [side]: amount };
}
