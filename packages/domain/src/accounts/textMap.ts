// textMap.ts: what `Map` does for texts, of which there may be a hundred thousand, in fewer places of memory.

import { addText, lastPlace, newTextTable, placeBefore, type TextTable } from './textTable.ts';

/** So many are looked through one by one: a table of them would be larger than they are. */
const FEW = 8;

/** In the order in which they were first set, as a `Map` is. May be deleted from while it is gone through. */
export class TextMap<Key extends string, Value extends object> implements Iterable<readonly [Key, Value]> {
  /** What was deleted leaves its place empty, until there are more empty ones than others. */
  #keys: (Key | undefined)[] = [];
  #values: (Value | undefined)[] = [];
  #size = 0;
  /** Of `#keys`; absent while they are few. */
  #table: TextTable | undefined;

  get size(): number {
    return this.#size;
  }

  has(key: Key): boolean {
    return this.#placeOf(key) >= 0;
  }

  get(key: Key): Value | undefined {
    const at = this.#placeOf(key);
    return at < 0 ? undefined : this.#values[at];
  }

  set(key: Key, value: Value): void {
    const at = this.#placeOf(key);
    if (at >= 0) {
      this.#values[at] = value;
      return;
    }
    if (this.#keys.length > 2 * this.#size + FEW) this.#closeUp();
    this.#add(key, value);
  }

  /** False when it was not there. */
  delete(key: Key): boolean {
    const at = this.#placeOf(key);
    if (at < 0) return false;
    this.#keys[at] = undefined;
    this.#values[at] = undefined;
    this.#size--;
    return true;
  }

  clear(): void {
    this.#keys = [];
    this.#values = [];
    this.#size = 0;
    this.#table = undefined;
  }

  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    for (let at = 0; at < this.#keys.length; at++) {
      const [key, value] = [this.#keys[at], this.#values[at]];
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  *values(): Generator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }

  #placeOf(key: Key): number {
    const table = this.#table;
    const keys = this.#keys;
    if (table === undefined) return keys.indexOf(key);
    let at = lastPlace(table, key);
    while (at >= 0 && keys[at] !== key) at = placeBefore(table, at);
    return at;
  }

  #add(key: Key, value: Value): void {
    this.#size++;
    if (this.#keys.length < FEW) {
      // Lists that grow have room for sixteen more, and most accounts keep few.
      this.#keys = this.#keys.concat([key]);
      this.#values = this.#values.concat([value]);
      return;
    }
    this.#keys.push(key);
    this.#values.push(value);
    if (this.#table !== undefined) {
      addText(this.#table, key);
      return;
    }
    this.#table = newTextTable();
    for (const each of this.#keys) addText(this.#table, each);
  }

  #closeUp(): void {
    const all = [...this];
    this.clear();
    for (const [key, value] of all) this.#add(key, value);
  }
}
