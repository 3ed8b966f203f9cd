// table.ts: figures as a table for a terminal.

import pc from 'picocolors';
import type { Bound, Check, Figure, Line, Unit } from './figure.ts';
import type { Machine } from './machine.ts';
import { median } from './statistics.ts';

const LABEL = 46;
const VALUE = 12;
const LATENCY = 11;

export function machineText({ cores, cpu, memoryGiB, system, node, loadBefore, flushMs }: Machine): string {
  const busy =
    loadBefore > 1 ? pc.yellow(`load ${loadBefore.toFixed(1)} before the run: not alone`) : 'idle before the run';
  return pc.dim(
    `${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node}, disk flush ${flushMs.toFixed(2)} ms, ${busy}`,
  );
}

export function figureText({ title, lines, notes }: Figure): string {
  const columns = ['', 'measured', 'p50', 'p99'];
  const [label = '', value = '', p50 = '', p99 = ''] = columns;
  const withLatency = lines.some(({ series }) => series.p50Ms !== undefined);
  const head = pc.dim(
    `${label.padEnd(LABEL)}${value.padStart(VALUE)}${withLatency ? p50.padStart(LATENCY) + p99.padStart(LATENCY) : ''}`,
  );
  return [
    pc.bold(title),
    head,
    ...lines.map((each) => lineText(each, withLatency)),
    ...notes.map((note) => pc.dim(`  ${note}`)),
    '',
  ].join('\n');
}

function lineText({ series, checks }: Line, withLatency: boolean): string {
  const { label, unit, values, p50Ms, p99Ms } = series;
  let text = `  ${label}`.padEnd(LABEL) + valueText(median(values), unit).padStart(VALUE);
  if (withLatency) text += latencyText(p50Ms).padStart(LATENCY) + latencyText(p99Ms).padStart(LATENCY);
  const [first, ...rest] = checks.map(checkText);
  const indent = ' '.repeat(LABEL + VALUE + (withLatency ? 2 * LATENCY : 0));
  return [text + (first === undefined ? '' : `   ${first}`), ...rest.map((each) => `${indent}   ${each}`)].join('\n');
}

function checkText({ what, values, median: middle, bound, met, unit }: Check): string {
  const spread = pc.dim(` (${numberText(Math.min(...values), unit)}–${numberText(Math.max(...values), unit)})`);
  const measured = unit === undefined ? `${numberText(middle)} ${what}${spread}` : '';
  if (bound === undefined) return measured;
  const verdict = met ? pc.green('met') : pc.red(pc.bold('NOT MET'));
  return `${measured}${measured === '' ? '' : '  '}${boundText(bound, unit)}  ${verdict}`;
}

function boundText(bound: Bound, unit: Unit | undefined): string {
  return 'atLeast' in bound ? `≥ ${numberText(bound.atLeast, unit)}` : `≤ ${numberText(bound.atMost, unit)}`;
}

function numberText(value: number, unit?: Unit): string {
  return unit === undefined ? (value >= 10 ? value.toFixed(1) : value.toFixed(2)) : valueText(value, unit);
}

export function valueText(value: number, unit: Unit): string {
  const rounded = unit === 'ms' && value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en');
  return unit === '/s' ? `${rounded}/s` : `${rounded} ${unit}`;
}

function latencyText(values: readonly number[] | undefined): string {
  return values === undefined ? '' : `${median(values).toFixed(2)} ms`;
}
