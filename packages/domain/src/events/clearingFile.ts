import type { ClearingFileFacts } from '../clearingFiles/clearingFile.ts';
import type { ClearingFileReport } from '../clearingFiles/report.ts';
import type { ClearingFileId } from '../ids.ts';
import type { Event } from './parts.ts';

/** Valid from its first line to its last. Its records are network messages, in the streams of their accounts. */
export type ClearingFileReceived = Event<'ClearingFileReceived', ClearingFileFacts>;
/** Each of its records has its answer. */
export type ClearingFileApplied = Event<
  'ClearingFileApplied',
  { readonly clearingFileId: ClearingFileId; readonly report: ClearingFileReport }
>;
/** Another file under the sender and sequence of this one: nothing of it was applied. */
export type ClearingFileRefused = Event<'ClearingFileRefused', ClearingFileFacts>;
export type ClearingFileEvent = ClearingFileReceived | ClearingFileApplied | ClearingFileRefused;
