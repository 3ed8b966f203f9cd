// wire.ts: ids, names and texts as the messages of the protocol hold them.

import shared, { type StreamIdentifier, type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { Metadata } from '@grpc/grpc-js';
import grpc from '@grpc/grpc-js';

const UUID_HEX = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** Clients send ids as text; others may send two signed 64-bit halves. */
export function uuidText(uuid: UUID | undefined): string {
  if (uuid === undefined) return '';
  const structured = uuid.getStructured();
  if (structured === undefined) return uuid.getString();
  const half = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
  const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits());
  return hex.replace(UUID_HEX, '$1-$2-$3-$4-$5');
}

export function toUuid(text: string, structured: boolean): UUID {
  const uuid = new shared.UUID();
  if (!structured) {
    uuid.setString(text);
    return uuid;
  }
  const hex = text.replaceAll('-', '');
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 16)}`)).toString());
  halves.setLeastSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(16)}`)).toString());
  uuid.setStructured(halves);
  return uuid;
}

export function nameOf(identifier: StreamIdentifier | undefined): string {
  return identifier === undefined ? '' : Buffer.from(identifier.getStreamName_asU8()).toString();
}

export function toIdentifier(stream: string): StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return identifier;
}

/** An error as the client turns it into one of its classes: by `exception` among the trailers. */
export function rpcError(code: grpc.status, details: string, trailers: Readonly<Record<string, string>> = {}) {
  const metadata: Metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

export function notLeader(host: string, port: number) {
  return rpcError(grpc.status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });
}
