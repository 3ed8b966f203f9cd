// steps.ts: all messages of a purchase, in the order in which they mean something: what the network does in the end.

import type { Afterwards, Fate, Link, SingleFate, StayFate } from './balance.ts';
import { afterClearing } from './lives/afterwards.ts';
import { afterUnit } from './lives/fuel.ts';
import { afterApproval } from './lives/ordinary.ts';
import { afterSingle } from './lives/single.ts';
import { afterCheckIn } from './lives/stay.ts';
import { clearing, type Step, step } from './step.ts';

export type Kind =
  | { readonly of: 'ordinary'; readonly fate: Fate }
  | { readonly of: 'stay'; readonly fate: StayFate }
  /** One unit of the currency, in minor units. */
  | { readonly of: 'fuel'; readonly unit: number }
  | { readonly of: 'single'; readonly fate: SingleFate; readonly cash: number; readonly surcharge: number }
  | {
      readonly of:
        | 'force_post'
        | 'refund'
        | 'refund_announced'
        | 'refund_called_off'
        | 'declined_by_network'
        | 'balance_inquiry'
        | 'account_verification';
    };

/** What will become of a purchase, drawn when it is made. */
export type Plan = {
  readonly kind: Kind;
  /** What it is for: minor units of its currency. */
  readonly amount: number;
  readonly afterwards: Afterwards;
  readonly link: Link;
  /** In [0, 1): where to cut, how much more; each life reads its own. */
  readonly draws: readonly number[];
};

/** Every message of the life; the first one is what it begins with. `approved`: of that one, when it was not all. */
export function stepsOf(plan: Plan, approved?: number): readonly Step[] {
  const { kind, amount, draws } = plan;
  const ended = (steps: readonly Step[]) => [...steps, ...afterClearing(plan.afterwards, draws, steps)];

  switch (kind.of) {
    case 'ordinary':
      return ended([step('authorization', amount), ...afterApproval(kind.fate, draws, amount, approved ?? amount)]);
    case 'stay':
      return ended([step('authorization', amount), ...afterCheckIn(kind.fate, draws, approved ?? amount)]);
    case 'fuel':
      return ended([step('authorization', kind.unit), ...afterUnit(draws, amount)]);
    case 'single': {
      const { cash, surcharge } = kind;
      const asked = step('financial_authorization', amount, { cash, ...(surcharge === 0 ? {} : { surcharge }) });
      return ended([asked, ...afterSingle(kind.fate, draws, approved ?? amount)]);
    }
    case 'force_post':
      return ended([clearing(amount, { flags: ['force_post'] })]);
    case 'refund':
      return [step('refund', amount, { flags: ['no_original'] })];
    case 'refund_announced':
      return [step('refund_authorization', amount), step('refund', amount)];
    case 'refund_called_off':
      return [step('refund_authorization', amount), step('reversal', undefined)];
    case 'declined_by_network':
      return [step('authorization_advice', amount, { declinedByNetwork: true })];
    case 'balance_inquiry':
    case 'account_verification':
      return [step(kind.of, undefined)];
    default:
      return kind satisfies never;
  }
}
