// errors.ts: why the engine could not answer.

/** The log cannot be written, is not caught up, or too much is queued: nothing is remembered, try again later. */
export class EngineUnavailable extends Error {
  override name = 'EngineUnavailable';
  readonly code = 'unavailable';
}

/** An invariant of this stream was broken: it decides nothing more until somebody has looked. DE39 96. */
export class StreamQuarantined extends Error {
  override name = 'StreamQuarantined';
  readonly code = 'quarantined';
  constructor(stream: string) {
    super(`stream ${stream} is quarantined: an invariant was broken; see the alarm in the log of this process`);
  }
}
