// messages.ts: what the projector's thread and its parent say to each other.

import type { LogLocation, Position } from '@holdfast/journal';
import type { FailedAt, Progress, Rebuilt } from '@holdfast/projections';

/** `alarm` says which event stopped it, when one did. An error loses its own fields on its way between threads. */
export type Alarm = { readonly message: string; readonly at?: FailedAt };

export type FromWorker =
  | { readonly type: 'started'; readonly position: Position; readonly rebuilt: Rebuilt | undefined }
  | { readonly type: 'committed'; readonly position: Position }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'caughtUp' }
  | { readonly type: 'failed'; readonly alarm: Alarm };

export type ToWorker = { readonly type: 'hurry'; readonly on: boolean } | { readonly type: 'close' };

export type WorkerData = { readonly directory: string; readonly log: LogLocation };
