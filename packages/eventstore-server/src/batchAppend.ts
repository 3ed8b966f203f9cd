// batchAppend.ts: appends on one long-lived stream of messages, answered as they are written.

import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type EventToAppend, type ExpectedRevision, type Journal, WrongExpectedRevision } from '@holdfast/journal';
import type { Asked } from './appendAnswer.ts';
import { failed, refusedWith, unimplemented, written } from './appendAnswer.ts';
import type { AppendFault } from './faults.ts';
import type { Node } from './node.ts';
import { nameOf, notLeader, uuidText } from './wire.ts';

type Options = BatchAppendReq.Options;
/** An append whose parts are still coming. */
type Unfinished = { readonly options: Options; readonly events: EventToAppend[]; json: boolean };

const JSON_CONTENT = 'application/json';
/** What is stored for an event without metadata, and read back as none. */
export const NO_METADATA = 'null';

export function batchAppend(node: Node, call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void {
  const unfinished = new Map<string, Unfinished>();
  let underWay = 0;
  let ended = false;

  const close = (): void => {
    if (ended && underWay === 0) call.end();
  };
  const answer = (response: BatchAppendResp | undefined): void => {
    if (response !== undefined && !call.cancelled && !call.destroyed) call.write(response);
  };

  async function handle(asked: Asked, append: Unfinished): Promise<void> {
    const fault = node.faults.onAppend?.({ stream: asked.stream, events: append.events.length });
    if (fault?.kind === 'cut' && !fault.applied) return node.cut(call);
    if (fault?.kind === 'withhold' && !fault.applied) return;
    if (fault?.kind === 'refuse') return answer(refusedWith(asked, fault.refusal));
    if (fault?.kind === 'not_leader') {
      call.emit('error', notLeader(fault.host, fault.port));
      return;
    }
    const response = await write(node.journal, asked, append.events);
    if (response === undefined) return;
    if (fault?.kind === 'wrong_revision') return answer(movedOn(asked, append.events.length));
    await after(fault, response);
  }

  async function after(fault: AppendFault | undefined, response: BatchAppendResp): Promise<void> {
    if (fault?.kind === 'cut') return node.cut(call);
    if (fault?.kind === 'withhold') return;
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    answer(response);
    if (fault?.kind === 'double') answer(response);
  }

  call.on('data', (request: BatchAppendReq) => {
    const correlationId = uuidText(request.getCorrelationId());
    const options = request.getOptions();
    const append = unfinished.get(correlationId) ?? begin(options);
    if (append === undefined) return;
    append.events.push(...request.getProposedMessagesList().map(toEvent));
    append.json &&= request.getProposedMessagesList().every(isJson);
    if (!request.getIsFinal()) {
      unfinished.set(correlationId, append);
      return;
    }
    unfinished.delete(correlationId);
    const stream = nameOf(append.options.getStreamIdentifier());
    const expected = expectedOf(append.options);
    if (expected === undefined) {
      const what = 'this server takes exact and no_stream revisions only';
      answer(unimplemented({ correlationId, stream, expected: 'no_stream' }, what));
      return;
    }
    const asked: Asked = { correlationId, stream, expected };
    if (node.electing) answer(refusedWith(asked, 'not_ready'));
    else if (isPast(append.options)) answer(refusedWith(asked, 'timeout'));
    else if (!append.json) answer(unimplemented(asked, 'this server takes application/json only'));
    else {
      underWay++;
      handle(asked, append).finally(() => {
        underWay--;
        close();
      });
    }
  });
  call.on('end', () => {
    ended = true;
    close();
  });
  call.on('error', () => {});
}

/** As if the events that were written were somebody else's. */
function movedOn(asked: Asked, events: number): BatchAppendResp | undefined {
  const { stream, expected } = asked;
  const actual = (expected === 'no_stream' ? -1 : expected) + events;
  return failed(asked, new WrongExpectedRevision(stream, expected, actual));
}

async function write(
  journal: Journal,
  asked: Asked,
  events: readonly EventToAppend[],
): Promise<BatchAppendResp | undefined> {
  try {
    return written(asked, await journal.append(asked.stream, asked.expected, events));
  } catch (error) {
    return failed(asked, error);
  }
}

function begin(options: Options | undefined): Unfinished | undefined {
  return options === undefined ? undefined : { options, events: [], json: true };
}

/** Undefined for `any` and `stream_exists`. */
function expectedOf(options: Options): ExpectedRevision | undefined {
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : undefined;
}

function isPast(options: Options): boolean {
  const deadline = options.getDeadline();
  return deadline !== undefined && deadline.toDate().getTime() < Date.now();
}

function isJson(message: BatchAppendReq.ProposedMessage): boolean {
  return message.getMetadataMap().get('content-type') === JSON_CONTENT;
}

function toEvent(message: BatchAppendReq.ProposedMessage): EventToAppend {
  const metadata = Buffer.from(message.getCustomMetadata_asU8()).toString();
  return {
    id: uuidText(message.getId()).toLowerCase(),
    type: message.getMetadataMap().get('type') ?? '',
    data: Buffer.from(message.getData_asU8()).toString(),
    metadata: metadata === '' ? NO_METADATA : metadata,
  };
}
