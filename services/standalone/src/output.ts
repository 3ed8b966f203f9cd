// output.ts: writing to a terminal, a file or a pipe that may be closed at any moment (`| head`).

import { once } from 'node:events';
import pc from 'picocolors';

/** Ends the process quietly when nobody reads standard output any more. */
export function endWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Resolves when more can be written: a slow reader slows the writer down instead of filling memory. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

/** One sentence on standard error. */
export function complain(sentence: string): void {
  process.stderr.write(`holdfast: ${sentence}\n`);
}

/** Colours for standard output: none when it is no terminal, or when NO_COLOR says so. */
export const colours = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);

/** Grouped in thousands: 1,234,567. */
export function grouped(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
