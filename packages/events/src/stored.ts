// stored.ts: reading fields of parsed JSON in place: an amount becomes a bigint, what is not as it must be is an error.

import { isCurrencyCode, isRate } from '@holdfast/money';
import { common } from './commonTexts.ts';

/** Stored data: a parsed JSON object; amounts are decimal strings until they are revived. */
export type StoredData = Record<string, unknown>;

/** What is wrong with stored data: names the field, never shows its value (it may be what must not be shown). */
export class Malformed extends Error {
  override name = 'Malformed';
}

/** What `encodeMinor` of money writes: at most 31 digits, no leading zero, no plus, no minus zero. */
const DECIMAL = /^(?:0|-?[1-9][0-9]{0,30})$/;

export function minor(object: StoredData, field: string): bigint {
  const value = object[field];
  if (typeof value !== 'string' || !DECIMAL.test(value)) throw missing(field, 'a decimal string of minor units');
  // Every other bigint is an object of its own.
  const amount = value === '0' ? 0n : BigInt(value);
  object[field] = amount;
  return amount;
}

export function optionalMinor(object: StoredData, field: string): void {
  if (object[field] !== undefined) minor(object, field);
}

export function text(object: StoredData, field: string): void {
  const value = object[field];
  if (typeof value !== 'string' || value === '') throw missing(field, 'a text');
}

/** One that many events say: a program's id, the name of a time zone. */
export function commonText(object: StoredData, field: string): void {
  text(object, field);
  object[field] = common(object[field] as string);
}

export function integer(object: StoredData, field: string): void {
  if (!Number.isSafeInteger(object[field])) throw missing(field, 'an integer');
}

export function boolean(object: StoredData, field: string): void {
  if (typeof object[field] !== 'boolean') throw missing(field, 'true or false');
}

export function currency(object: StoredData, field = 'currency'): void {
  const value = object[field];
  if (typeof value !== 'string' || !isCurrencyCode(value)) throw missing(field, 'an ISO 4217 code');
}

export function rate(object: StoredData, field: string): void {
  const value = object[field];
  if (typeof value !== 'string' || !isRate(value)) throw missing(field, 'a rate');
}

export function list(object: StoredData, field: string): readonly unknown[] {
  const value = object[field];
  if (!Array.isArray(value)) throw missing(field, 'a list');
  return value;
}

export function optionalList(object: StoredData, field: string): void {
  if (object[field] !== undefined) list(object, field);
}

export function objects(object: StoredData, field: string): readonly StoredData[] {
  const values = list(object, field);
  if (!values.every(isObject)) throw missing(field, 'a list of objects');
  return values;
}

export function isObject(value: unknown): value is StoredData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function missing(field: string, expected = 'an object'): Malformed {
  return new Malformed(`"${field}" is not ${expected}`);
}
