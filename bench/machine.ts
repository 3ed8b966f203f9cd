// machine.ts: what the numbers were measured on.

import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { arch, cpus, loadavg, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { median } from './statistics.ts';

export type Machine = {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Work waiting for the cores when the run began, of one minute: near 0 when nobody else uses them. */
  readonly loadBefore: number;
  /** Median of appending 4 KiB to a file and flushing it, where the logs are written. */
  readonly flushMs: number;
  readonly commit: string;
};

export function describeMachine(folder: string): Machine {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${arch()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
    flushMs: flushMs(folder),
    commit: commit(),
  };
}

function flushMs(folder: string): number {
  const file = join(folder, 'flush');
  const descriptor = openSync(file, 'w');
  const bytes = Buffer.alloc(4096);
  const times: number[] = [];
  try {
    for (let n = 0; n < 50; n++) {
      const before = performance.now();
      writeSync(descriptor, bytes);
      fsyncSync(descriptor);
      times.push(performance.now() - before);
    }
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
  return median(times);
}

function commit(): string {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
  return spawnSync('git', ['rev-parse', '--short', 'HEAD'], options).stdout?.trim() || 'unknown';
}
