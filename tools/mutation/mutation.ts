// mutation.ts: `npm run mutation`: breaks money, the ledger and the life of a transaction in many small ways, each of which a
// test must notice. Works on a copy, since Stryker's own sandbox does not follow the names of workspaces. Stryker is not among
// what `npm ci` installs for everybody: it stands in this folder, and the first run brings it.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const STRYKER = join(import.meta.dirname, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const COPY = join(ROOT, '.cache', 'mutation');
const REPORTS = join(ROOT, 'reports', 'mutation');

/** The score that must be reached, in percent of the mutants that a test covers or should. */
const AT_LEAST = 85;

const ALL = [
  'packages/money/src/**/*.ts',
  'packages/domain/src/ledger/**/*.ts',
  'packages/domain/src/programs/**/*.ts',
  'packages/domain/src/accounts/**/*.ts',
  'packages/domain/src/controls/**/*.ts',
  'packages/domain/src/authorization/**/*.ts',
];

/** Whole lives take seconds for each mutant, and find in other words what the tables say. */
const SLOW = ['**/sequences.test.ts'];

/** `npm run mutation -- packages/domain/src/authorization/refund.ts`: only these files. */
const only = process.argv.slice(2).filter((argument) => argument !== '--force');
const force = process.argv.includes('--force');

function installStryker(): void {
  if (existsSync(STRYKER)) return;
  execFileSync('npm', ['ci', '--prefix', import.meta.dirname, '--no-audit', '--no-fund'], { stdio: 'inherit' });
}

function copyWorkspace(): void {
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY, { recursive: true });
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
    .toString()
    .split('\0')
    .filter((file) =>
      /^(?:package(?:-lock)?\.json|tsconfig\.json|packages\/|docs\/|services\/[^/]+\/package\.json)/.test(file),
    );
  for (const file of files) {
    if (!existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(COPY, file)), { recursive: true });
    cpSync(join(ROOT, file), join(COPY, file));
  }
  // Packages that are ours must be those of the copy; the others stand where they are.
  const modules = join(COPY, 'node_modules');
  mkdirSync(join(modules, '@holdfast'), { recursive: true });
  for (const name of ['domain', 'events', 'money', 'journal', 'audit', 'engine', 'projections']) {
    symlinkSync(join('..', '..', 'packages', name), join(modules, '@holdfast', name));
  }
  for (const name of execFileSync('ls', ['-A', join(ROOT, 'node_modules')])
    .toString()
    .split('\n')) {
    if (name === '' || name === '@holdfast') continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}

function configure(): void {
  writeFileSync(
    join(COPY, 'vitest.config.ts'),
    `import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: { include: ['packages/{money,domain}/src/**/*.test.ts'], exclude: ${JSON.stringify(SLOW)}, testTimeout: 60_000, isolate: false },
});
`,
  );
  const config = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    inPlace: true,
    tsconfigFile: 'no-such-file.json',
    mutate: [...(only.length > 0 ? only : ALL), '!**/*.test.ts', '!**/testing/**', '!**/index.ts'],
    coverageAnalysis: 'perTest',
    // What did not change is not broken again; `--force` breaks everything anew.
    incremental: true,
    incrementalFile: join(REPORTS, 'incremental.json'),
    force,
    ignoreStatic: true,
    // What is said in words is for people: a test of each word would be the word again.
    mutator: { excludedMutations: ['StringLiteral'] },
    concurrency: Number(process.env.HOLDFAST_MUTATION_THREADS ?? availableParallelism()),
    timeoutMS: 10_000,
    reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
    jsonReporter: { fileName: join(REPORTS, 'mutation.json') },
    htmlReporter: { fileName: join(REPORTS, 'mutation.html') },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: AT_LEAST, break: AT_LEAST },
    disableTypeChecks: false,
    allowConsoleColors: false,
  };
  writeFileSync(join(COPY, 'stryker.config.json'), JSON.stringify(config, undefined, 2));
}

/** The set-up must notice a fault that is planted by hand: else its score says nothing. */
function proveItKills(): void {
  const file = join(COPY, 'packages', 'money', 'src', 'rounding.ts');
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, source.replace('(amount * numerator) / denominator', '(amount * numerator) / denominator + 1n'));
  const run = spawnSync(process.execPath, [vitest(), 'run', 'packages/domain/src/authorization'], { cwd: COPY });
  writeFileSync(file, source);
  if (run.status === 0) throw new Error('the copy does not use its own sources: a planted fault went unseen');
}

const vitest = (): string => join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

installStryker();
copyWorkspace();
configure();
mkdirSync(REPORTS, { recursive: true });
proveItKills();
// Few runs of each property are enough to notice, the same each time: what only the hundredth would find survives.
const env = { HOLDFAST_SEQUENCES: '30', HOLDFAST_SEED: '20261128', ...process.env };
const { status } = spawnSync(process.execPath, [STRYKER, 'run'], { cwd: COPY, stdio: 'inherit', env });
rmSync(COPY, { recursive: true, force: true });
process.exitCode = status ?? 1;
