// json.ts: minor units in JSON. In events they are decimal strings, in the API they are integers.

/** Far beyond any sum of balances; a text of more digits is refused before it costs anything. */
export const MAX_DIGITS = 31;

const BEYOND = 10n ** BigInt(MAX_DIGITS);
const DECIMAL = new RegExp(`^(?:0|-?[1-9][0-9]{0,${MAX_DIGITS - 1}})$`);

/** `4360n` to `"4360"`, exactly. Throws `RangeError` beyond `MAX_DIGITS` digits. */
export function encodeMinor(minor: bigint): string {
  if (minor >= BEYOND || minor <= -BEYOND) throw new RangeError(`minor units of more than ${MAX_DIGITS} digits`);
  return minor.toString();
}

/** `"4360"` to `4360n`. Throws `SyntaxError` for anything that `encodeMinor` does not write. */
export function decodeMinor(text: string): bigint {
  if (!DECIMAL.test(text)) throw new SyntaxError(`"${text.slice(0, 32)}" is not a decimal string of minor units`);
  return BigInt(text);
}

/** Minor units as a JSON integer. Throws `RangeError` beyond 2^53 − 1: no balance may get there. */
export function toApiInteger(minor: bigint): number {
  const value = Number(minor);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${minor} is beyond what a JSON integer holds exactly`);
  return value;
}
