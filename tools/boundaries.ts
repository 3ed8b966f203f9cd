// boundaries.ts: who may import whom (docs/architecture.md has the table), and that the domain is pure. Exits 1 if not so.

import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';

/** Packages that each package may import. A service may import packages; only standalone may import services. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  money: [],
  domain: ['money'],
  events: ['money', 'domain'],
  journal: [],
  'eventstore-server': ['journal'],
  engine: ['money', 'domain', 'events', 'journal'],
  projections: ['money', 'domain', 'events', 'journal'],
  vault: [],
  audit: ['money', 'domain', 'events', 'journal'],
  http: [],
};

/** Libraries that the pure packages may use; Node's own modules are not among them. */
const PURE: Readonly<Record<string, string>> = {
  money: '(?:currency-codes|decimal\\.js)',
  domain: 'temporal-polyfill',
};

/** Tests and what only tests use may look further. */
const TESTS = '\\.test\\.ts$|/testing/|/test/|/contract|/arbitraries|testLog\\.ts$';

/** What a pure function cannot do: know the time, draw lots, wait, or speak to the world. */
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\b(?:process|performance|console|globalThis)\.|\b(?:async|await|setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\b/;

export function rules(): IForbiddenRuleType[] {
  const packages = Object.entries(ALLOWED).map(([name, allowed]) => ({
    name: `packages/${name} imports only ${allowed.length === 0 ? 'no other package' : allowed.join(', ')}`,
    severity: 'error' as const,
    from: { path: `^packages/${name}/`, pathNot: TESTS },
    to: {
      path: '^(?:packages|@holdfast)/',
      pathNot: `^(?:packages|@holdfast)/(?:${[name, ...allowed].join('|')})(?:/|$)`,
    },
  }));
  const pure = Object.entries(PURE).map(([name, library]) => ({
    name: `packages/${name} does no I/O`,
    severity: 'error' as const,
    from: { path: `^packages/${name}/`, pathNot: TESTS },
    to: { pathNot: `^(?:packages|@holdfast)/|^${library}$|(?:^|/)node_modules/${library}/` },
  }));
  return [
    ...packages,
    ...pure,
    {
      name: 'nothing imports a service, except standalone',
      severity: 'error',
      from: { path: '^(?:packages|services/([^/]+))/', pathNot: `^services/standalone/|${TESTS}` },
      to: { path: '^services/|^@holdfast/[a-z]+-service(?:/|$)', pathNot: '^services/$1/' },
    },
  ];
}

/** Every violation below `root`, one sentence each. */
export async function violations(root: string): Promise<readonly string[]> {
  const folders = ['packages', 'services'].filter((folder) => globSync(`${folder}/*`, { cwd: root }).length > 0);
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      doNotFollow: 'node_modules',
      tsPreCompilationDeps: 'specify',
      validate: true,
      ruleSet: { forbidden: rules() },
    },
    { extensions: ['.ts', '.js'], conditionNames: ['node', 'import'], exportsFields: ['exports'] },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser gave a text instead of its result');
  const { violations: found, totalCruised } = output.summary;
  if (totalCruised < 3) throw new Error(`only ${totalCruised} modules were read: the check sees nothing`);
  return [...found.map(({ rule, from, to }) => `${from} imports ${to}: ${rule.name}`), ...impurities(root)];
}

function impurities(root: string): string[] {
  const found: string[] = [];
  for (const file of globSync('packages/{domain,money}/src/**/*.ts', { cwd: root })) {
    if (new RegExp(TESTS).test(file)) continue;
    const code = readFileSync(join(root, file), 'utf8');
    for (const [at, line] of code.split('\n').entries()) {
      const impure = IMPURE.exec(line.replace(/\/\/.*|^\s*\*.*|^\s*\/\*.*/, ''));
      if (impure !== null) found.push(`${file}:${at + 1} uses ${impure[0]}: the core is pure`);
    }
  }
  return found;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const found = await violations(root);
  for (const sentence of found) console.error(sentence);
  console.log(
    `boundaries: ${found.length === 0 ? 'as they should be' : `${found.length} broken`} (${relative(process.cwd(), root) || '.'})`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}
