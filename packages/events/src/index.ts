export { decode, type EncodedEvent, type EventToDecode, encode, UndecodableEvent } from './codec.ts';
export { isoTime } from './encode.ts';
export { contentHashOfMessage, identityOf, type MessageIdentity } from './identity.ts';
export {
  accountId,
  apiKeyId,
  cardId,
  commandIdOf,
  contentHashOf,
  depositId,
  deriveId,
  eventId,
  type IdByPrefix,
  type IdPrefix,
  idPattern,
  isId,
  limitId,
  programId,
  randomId,
  transactionId,
  typeId,
} from './ids.ts';
export {
  accountIdOfStream,
  accountStream,
  apiKeyStream,
  CATEGORIES,
  type Category,
  cardStream,
  type ParsedStream,
  parseStream,
  programStream,
  STREAM_PREFIXES,
  unmatchedStream,
} from './streams.ts';
export { currentVersion, EVENT_TYPES, type EventType, isEventType } from './versions.ts';
