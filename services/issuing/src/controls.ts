// controls.ts: spending limits and merchant categories, in and out.

import type { CommandId, Controls, SpendingLimit } from '@holdfast/domain';
import { limitId } from '@holdfast/events';
import { toApiInteger } from '@holdfast/money';
import { z } from 'zod';
import { API_LIMITS, amount } from './schemas.ts';

const WINDOWS = ['transaction', 'day'] as const;

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin or UTC');

const limit = z.discriminatedUnion(
  'window',
  [
    z.strictObject({ window: z.literal('transaction'), amount }),
    z.strictObject({ window: z.literal('day'), amount, time_zone: timeZone }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? `must be one of ${WINDOWS.join(', ')}` : undefined) },
);

const merchantCategory = z.string().regex(/^[0-9]{4}$/, 'must be a merchant category code, four digits such as 5812');
const merchantCategoryList = z.array(merchantCategory).max(API_LIMITS.merchantCategories);

/** A call replaces all controls, so it says all of them: what is left out by mistake would be switched off. */
export const controlsBody = z.strictObject({
  limits: z.array(limit).max(API_LIMITS.limitsPerScope),
  merchant_categories: z.strictObject({ blocked: merchantCategoryList, allowed: merchantCategoryList }),
});

/** The domain's controls. A limit's id follows from the command, so that a repeated call names the same limits. */
export function toControls(body: z.output<typeof controlsBody>, commandId: CommandId): Controls {
  return {
    limits: body.limits.map((each, index) => ({
      id: limitId(commandId, String(index)),
      amountMinor: BigInt(each.amount),
      window: each.window === 'day' ? { kind: 'day', timeZone: each.time_zone } : { kind: 'transaction' },
    })),
    merchantCategories: body.merchant_categories,
  };
}

export function controlsJson({ limits, merchantCategories }: Controls) {
  return { limits: limits.map(limitJson), merchant_categories: merchantCategories };
}

function limitJson({ id, amountMinor, window }: SpendingLimit) {
  const shared = { id, window: window.kind, amount: toApiInteger(amountMinor) };
  return window.kind === 'day' ? { ...shared, time_zone: window.timeZone } : shared;
}

/** Offsets such as `+01:00` are zones to Intl, but have no days that a law moves: a name begins with a letter. */
function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
