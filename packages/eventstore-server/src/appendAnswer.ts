// appendAnswer.ts: what became of an append, as the protocol says it.

import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages, { type Status } from '@eventstore/db-client/generated/status_pb.js';
import streams, { type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import type { Appended } from '@holdfast/journal';
import {
  AppendOutcomeUnknown,
  type ExpectedRevision,
  InvalidAppend,
  JournalUnavailable,
  LIMITS,
  WrongExpectedRevision,
} from '@holdfast/journal';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Refusal } from './faults.ts';
import { toIdentifier, toUuid } from './wire.ts';

/** An append that is whole: what every answer to it repeats. */
export type Asked = { readonly correlationId: string; readonly stream: string; readonly expected: ExpectedRevision };

export function written(asked: Asked, { revision, position }: Appended): BatchAppendResp {
  const where = new shared.AllStreamPosition();
  where.setCommitPosition(position.toString());
  where.setPreparePosition(position.toString());
  const success = new streams.BatchAppendResp.Success();
  success.setCurrentRevision(String(revision));
  success.setPosition(where);
  const answer = answerTo(asked);
  answer.setSuccess(success);
  return answer;
}

/** Undefined for an error after which nothing can be said. */
export function failed(asked: Asked, error: unknown): BatchAppendResp | undefined {
  if (error instanceof WrongExpectedRevision) return withError(asked, wrongExpectedVersion(error));
  if (error instanceof InvalidAppend) return refused(asked, error);
  if (error instanceof JournalUnavailable) return withError(asked, refusalStatus('busy'));
  if (error instanceof AppendOutcomeUnknown) return withError(asked, refusalStatus('timeout'));
  return undefined;
}

export function refusedWith(asked: Asked, refusal: Refusal): BatchAppendResp {
  return withError(asked, refusalStatus(refusal));
}

/** For what this server does not do: one append fails alone. */
export function unimplemented(asked: Asked, what: string): BatchAppendResp {
  return withError(asked, status(grpc.status.UNIMPLEMENTED, what, 'google.protobuf.Empty', new empty.Empty()));
}

function refused(asked: Asked, { message }: InvalidAppend): BatchAppendResp {
  if (message.includes(`larger than ${LIMITS.appendBytes}`)) return withError(asked, refusalStatus('append_size'));
  const bad = new shared.BadRequest();
  bad.setMessage(message);
  return withError(asked, status(grpc.status.INVALID_ARGUMENT, 'BadRequest', 'event_store.client.BadRequest', bad));
}

function wrongExpectedVersion({ expected, actual }: WrongExpectedRevision): Status {
  const wrong = new shared.WrongExpectedVersion();
  if (actual === 'no_stream') wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (expected === 'no_stream') wrong.setExpectedNoStream(new empty.Empty());
  else wrong.setExpectedStreamPosition(String(expected));
  return status(grpc.status.ALREADY_EXISTS, 'WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', wrong);
}

function refusalStatus(refusal: Refusal): Status {
  const { code, message, type, details } = REFUSALS[refusal];
  return status(code, message, type, details());
}

type Described = {
  readonly code: grpc.status;
  readonly message: string;
  readonly type: string;
  readonly details: () => { serializeBinary(): Uint8Array };
};

const nothing = (): { serializeBinary(): Uint8Array } => new empty.Empty();
const notHandled = (message: string, code: grpc.status): Described => ({
  code,
  message,
  type: 'google.protobuf.Empty',
  details: nothing,
});
const named = (name: string, code: grpc.status, details: Described['details'] = nothing): Described => ({
  code,
  message: name,
  type: `event_store.client.${name}`,
  details,
});

const REFUSALS: Readonly<Record<Refusal, Described>> = {
  timeout: named('Timeout', grpc.status.DEADLINE_EXCEEDED),
  busy: notHandled('Server Is Busy', grpc.status.UNAVAILABLE),
  not_ready: notHandled('Server Is Not Ready', grpc.status.UNAVAILABLE),
  no_leader_info: notHandled('No leader info available in response', grpc.status.UNKNOWN),
  access_denied: named('AccessDenied', grpc.status.PERMISSION_DENIED),
  stream_deleted: named('StreamDeleted', grpc.status.FAILED_PRECONDITION),
  append_size: named('MaximumAppendSizeExceeded', grpc.status.INVALID_ARGUMENT, () => {
    const exceeded = new shared.MaximumAppendSizeExceeded();
    exceeded.setMaxappendsize(LIMITS.appendBytes);
    return exceeded;
  }),
  event_size: named('MaximumAppendEventSizeExceeded', grpc.status.INVALID_ARGUMENT),
  bad_request: named('BadRequest', grpc.status.INVALID_ARGUMENT),
  unknown: named('Unknown', grpc.status.UNKNOWN),
};

function status(code: grpc.status, message: string, type: string, details: { serializeBinary(): Uint8Array }): Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), type);
  const made = new statusMessages.Status();
  // The message's own enumeration has the same numbers.
  made.setCode(code as number as Parameters<Status['setCode']>[0]);
  made.setMessage(message);
  made.setDetails(packed);
  return made;
}

function withError(asked: Asked, error: Status): BatchAppendResp {
  const answer = answerTo(asked);
  answer.setError(error);
  return answer;
}

function answerTo({ correlationId, stream }: Asked): BatchAppendResp {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(toUuid(correlationId, false));
  answer.setStreamIdentifier(toIdentifier(stream));
  return answer;
}
