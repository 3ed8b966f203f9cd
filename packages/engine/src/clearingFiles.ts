// clearingFiles.ts: the streams of clearing files: what came under a sender and sequence, and what became of it.

import {
  type ClearingFile,
  type ClearingFileEvent,
  type ClearingFileId,
  completeClearingFile,
  InvariantBroken,
  receiveClearingFile,
} from '@holdfast/domain';
import { clearingFileStream } from '@holdfast/events';
import type { JournalReader } from '@holdfast/journal';
import { clearingFileAggregate, type Small } from './commandAggregate.ts';
import type {
  ClearingFileStanding,
  CommandContext,
  CommandOutcome,
  CompleteClearingFile,
  ReceiveClearingFile,
} from './engine.ts';
import { managementJob } from './managementJob.ts';
import { readEvent } from './readEvent.ts';
import type { StreamRuntime } from './streamRuntime.ts';
import { createStreams, type Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

export type ClearingFileCommand = ReceiveClearingFile | CompleteClearingFile;

export type ClearingFiles = {
  execute(command: ClearingFileCommand, context: CommandContext): Promise<CommandOutcome>;
  standing(id: ClearingFileId): Promise<ClearingFileStanding | undefined>;
  readonly streams: Streams<Small<ClearingFile>, ClearingFileEvent>;
};

/** Files that stay in memory, each without its report; the rest are read again when somebody asks. */
const FILES_MOST = 256;

export function createClearingFiles(around: Surroundings, journal: JournalReader): ClearingFiles {
  const streams = createStreams<Small<ClearingFile>, ClearingFileEvent>(clearingFileAggregate, around, FILES_MOST);

  /** As far as the log has it, whoever wrote that. */
  function current(runtime: StreamRuntime<Small<ClearingFile>, ClearingFileEvent>): Promise<ClearingFile | undefined> {
    return new Promise((resolve, reject) => {
      let seen: ClearingFile | undefined;
      runtime.submit({
        needs: () => [],
        decide: ({ value }) => {
          seen = value;
          return { restsOn: value?.appliedRevision ?? 'head' };
        },
        done: () => resolve(seen),
        failed: reject,
      });
    });
  }

  return {
    streams,
    execute(command, context) {
      const { clearingFileId } = command.type === 'receiveClearingFile' ? command.facts : command;
      const runtime = streams.of(clearingFileStream(clearingFileId));
      return new Promise((resolve, reject) => {
        const job = managementJob<Small<ClearingFile>, ClearingFileEvent>(
          context,
          {
            commands: ({ commands }) => commands,
            decide: ({ value }) => [
              command.type === 'receiveClearingFile'
                ? receiveClearingFile(value, command.facts)
                : completeClearingFile(value, command.report),
            ],
            programId: () => undefined,
            eventAt: (revision) => readEvent(journal, runtime.stream, revision),
          },
          resolve,
          reject,
        );
        runtime.submit(job);
      });
    },
    async standing(id) {
      const stream = clearingFileStream(id);
      const file = await current(streams.of(stream));
      if (file === undefined) return undefined;
      const first = await readEvent<ClearingFileEvent>(journal, stream, 0);
      if (first.event.type !== 'ClearingFileReceived') throw new InvariantBroken(`${stream} begins otherwise`);
      const { event: received, position } = first;
      if (file.appliedRevision === undefined) return { received, applied: undefined, position };
      const last = await readEvent<ClearingFileEvent>(journal, stream, file.appliedRevision);
      if (last.event.type !== 'ClearingFileApplied') throw new InvariantBroken(`${stream} has no report`);
      return { received, applied: last.event, position: last.position };
    },
  };
}
