// jsonList.ts: a list of words as JSON. Most lists are empty.

export function jsonList(words: readonly string[]): string {
  return words.length === 0 ? '[]' : JSON.stringify(words);
}
