// errors.ts: every error of the read models. `code` is stable.

import type { Position, StoredEvent } from '@holdfast/journal';

/** Where an event stands, in plain data that crosses threads. */
export type FailedAt = {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
};

/** The alarm: an event that this release cannot fold. Everything before it is in the read models, nothing after it. */
export class ProjectionFailed extends Error {
  override name = 'ProjectionFailed';
  readonly code = 'projection_failed';
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
  readonly why: string;
  constructor({ stream, revision, position, type }: FailedAt, why: string, options?: ErrorOptions) {
    super(`the read models stop before event ${type} (stream ${stream}, revision ${revision}): ${why}`, options);
    this.stream = stream;
    this.revision = revision;
    this.position = position;
    this.type = type;
    this.why = why;
  }
}

/** What the log says and what the read models hold do not fit together: a transaction that is not there, and such. */
export class Unfoldable extends Error {
  override name = 'Unfoldable';
  readonly code = 'unfoldable';
}

/** Another process moved the checkpoint, so this one has written nothing: only one may project into a folder. */
export class CheckpointMoved extends Error {
  override name = 'CheckpointMoved';
  readonly code = 'checkpoint_moved';
  constructor(expected: Position) {
    super(`the checkpoint is not at ${expected} any more: another process projects into the same folder`);
  }
}

/** There are no read models in that folder, or they are of another release, or the file is not one of ours. */
export class NotReadModels extends Error {
  override name = 'NotReadModels';
  readonly code = 'not_read_models';
}

export function projectionFailed(stored: StoredEvent, cause: unknown): ProjectionFailed {
  return new ProjectionFailed(stored, cause instanceof Error ? cause.message : String(cause), { cause });
}
