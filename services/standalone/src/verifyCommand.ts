// verifyCommand.ts: `holdfast verify`.

import { type Progress, verifyLogAt } from '@holdfast/audit';
import { describeLocation, type LogLocation } from '@holdfast/journal';
import { withLog } from './openLog.ts';
import { colours, grouped, print } from './output.ts';
import { EXIT, type ExitStatus } from './refusal.ts';
import { reportJson, reportText } from './reportText.ts';

const REDRAW_EVERY_MS = 100;

export async function verify(location: LogLocation, json: boolean): Promise<ExitStatus> {
  const startedAt = performance.now();
  const progress = process.stderr.isTTY ? progressLine() : undefined;
  const report = await withLog(location, (log) =>
    verifyLogAt(log, location, progress === undefined ? {} : { onProgress: progress.show }),
  ).finally(() => progress?.clear());
  const seconds = (performance.now() - startedAt) / 1_000;
  await print(json ? reportJson(report) : reportText(report, { where: whereOf(location), seconds, colours }));
  return report.problemCount === 0 ? EXIT.ok : EXIT.broken;
}

function whereOf(location: LogLocation): string {
  return 'directory' in location ? `The log in ${location.directory}` : `The log on ${describeLocation(location)}`;
}

/** A line on standard error that is drawn again in its place. */
function progressLine() {
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show({ events, position, head }: Progress): void {
      const now = performance.now();
      if (now - drawnAt < REDRAW_EVERY_MS) return;
      drawnAt = now;
      const percent = head === 0n ? 100n : (position * 100n) / head;
      process.stderr.write(`\r\x1b[2K${grouped(events)} events, ${percent} %`);
    },
    clear(): void {
      process.stderr.write('\r\x1b[2K');
    },
  };
}
