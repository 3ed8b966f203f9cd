// options.ts: the arguments of `npm run bench`.

import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const FIGURES = [
  'http',
  'decide',
  'hot-account',
  'full-memory',
  'append',
  'event-store',
  'second-authorizer',
  'feed',
  'replay',
  'start',
  'memory',
] as const;
export type FigureName = (typeof FIGURES)[number];

export type Options = {
  readonly only: readonly FigureName[];
  /** Few and short rounds, to see that everything runs: its numbers say little. */
  readonly quick: boolean;
  /** Also starts on ten million events. */
  readonly large: boolean;
  readonly out: string;
};

export const USAGE = `npm run bench -- [--only ${FIGURES.join(',')}] [--quick] [--large] [--out DIR]`;

/** Throws an `Error` with one sentence for arguments that are wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      out: { type: 'string', default: join(import.meta.dirname, 'results') },
    },
  });
  const only = values.only === undefined ? FIGURES : values.only.split(',').map(figureNamed);
  return { only, quick: values.quick, large: values.large, out: values.out };
}

function figureNamed(name: string): FigureName {
  const found = FIGURES.find((figure) => figure === name);
  if (found === undefined) throw new Error(`there is no figure ${name}: ${FIGURES.join(', ')}`);
  return found;
}
