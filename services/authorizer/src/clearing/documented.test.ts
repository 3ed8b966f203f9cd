// documented.test.ts: the file in docs/clearing.md is one, and gets the report that stands there.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { authorization } from '../testing/authorization.ts';
import { openStack } from '../testing/stack.ts';

const page = readFileSync(new URL('../../../../docs/clearing.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

test('docs/clearing.md shows a file and its report', async () => {
  const stack = await openStack();
  try {
    const number = '4761739001010119';
    await stack.newCard('documented', number);
    for (const [stan, amount, network_transaction_id] of [
      [1, 4_000, '482913758201934'],
      [2, 3_000, '482913758201935'],
    ] as const) {
      const approved = await stack.send({ ...authorization({ number }, stan), amount, network_transaction_id });
      expect(approved.json().decision).toBe('approved');
    }
    const { received_at, applied_at, report, ...facts } = (await stack.sendFile(block('ndjson'))).json();
    expect([received_at, applied_at].every((time) => !Number.isNaN(Date.parse(time)))).toBe(true);
    for (const listed of report.listed) if (listed.transaction_id !== undefined) listed.transaction_id = 'txn_…';
    const documented = JSON.parse(block('json'));
    expect({ ...facts, received_at: documented.received_at, applied_at: documented.applied_at, report }).toEqual(
      documented,
    );
  } finally {
    await stack.close();
  }
});
