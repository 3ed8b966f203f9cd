// live.ts: shows how a run stands until it is told to end: redrawn in a terminal, a line now and then elsewhere.

import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import type { Paint } from './paint.ts';
import { frame, plainLine, type Standing } from './progress.ts';

const REDRAW_EVERY_MS = 150;
const LINE_EVERY_MS = 5_000;

/** Returns what ends it: the frame is wiped, lines stay. */
export function showLive(
  stream: Pick<WriteStream, 'isTTY' | 'columns'> & NodeJS.WritableStream,
  standing: () => Standing,
  paint: Paint,
): () => void {
  if (!stream.isTTY) {
    const timer = setInterval(() => stream.write(`${plainLine(standing())}\n`), LINE_EVERY_MS);
    return () => clearInterval(timer);
  }
  const draw = createLogUpdate(stream);
  const redraw = () => draw(frame(standing(), paint, stream.columns));
  const timer = setInterval(redraw, REDRAW_EVERY_MS);
  redraw();
  return () => {
    clearInterval(timer);
    draw.clear();
    draw.done();
  };
}
