// states.ts: program, account and card must be in a state that allows spending.

import type { Check } from './check.ts';

export const programState: Check = ({ program }) => (program.status === 'active' ? undefined : 'program_paused');

export const accountState: Check = ({ account }) => (account.status === 'open' ? undefined : 'account_closed');

export const cardState: Check = ({ card }) => {
  switch (card.status) {
    case 'active':
      return undefined;
    case 'paused':
      return 'card_paused';
    case 'closed':
      return 'card_closed';
    default:
      return card.status satisfies never;
  }
};

export const cardNotExpired: Check = ({ card, now }) => (now < card.expiresAt ? undefined : 'card_expired');

export const expiryMatches: Check = ({ card, message: { cardExpiry } }) =>
  cardExpiry === undefined || cardExpiry === card.expiry ? undefined : 'expiry_mismatch';
