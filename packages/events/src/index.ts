export { catalogue, metadataSchema } from './catalogue/catalogue.ts';
export { eventJsonSchema, type JsonSchema, metadataJsonSchema } from './catalogue/jsonSchema.ts';
export { type CheckedRecord, checkClearingFile, type FileCheck, type FileFault } from './clearingFile/fileCheck.ts';
export { type FileLine, fileLines } from './clearingFile/fileLines.ts';
export type { WireClearing } from './clearingFile/fileTotals.ts';
export { CLEARING_FILE_LIMITS } from './clearingFile/limits.ts';
export {
  clearingSumsJson,
  clearingSumsSchema,
  reportTotalsJson,
  reportTotalsSchema,
} from './clearingFile/totalsJson.ts';
export {
  decode,
  type EncodedEvent,
  type EventToDecode,
  encode,
  type ParsedEvent,
  parseEvent,
  UndecodableEvent,
} from './codec.ts';
export { shareCommonTexts } from './commonTexts.ts';
export { isoTime } from './encode.ts';
export { contentHashOfMessage, identityOf, identityOfRecord, type MessageIdentity } from './identity.ts';
export {
  accountId,
  apiKeyId,
  cardId,
  clearingFileId,
  commandIdOf,
  contentHashOf,
  correctionId,
  depositId,
  deriveId,
  eventId,
  type IdByPrefix,
  type IdPrefix,
  idPattern,
  inOnePiece,
  isId,
  limitId,
  programId,
  randomId,
  transactionId,
  transferId,
  typeId,
  withdrawalId,
} from './ids.ts';
export {
  accountIdOfStream,
  accountStream,
  apiKeyStream,
  authorizerStream,
  CATEGORIES,
  type Category,
  cardStream,
  clearingFileStream,
  type ParsedStream,
  parseStream,
  programStream,
  STREAM_PREFIXES,
  unmatchedStream,
} from './streams.ts';
export { type EventIssue, validate } from './validate.ts';
export { currentVersion, EVENT_TYPES, type EventType, isEventType } from './versions.ts';
export {
  ANSWER_WITHIN_MS,
  answerByOf,
  type CardReference,
  cardReferenceOf,
  toNetworkMessage,
  toWire,
} from './wire/convert.ts';
export { MAX_WIRE_AMOUNT, WIRE_LIMITS } from './wire/fields.ts';
export {
  networkMessageJsonSchema,
  networkMessageSchema,
  type WireMessage,
} from './wire/networkMessage.ts';
export { type FieldIssue, parseNetworkMessage } from './wire/parse.ts';
export {
  passesLuhn,
  REFINEMENT_CODES,
  type Refinement,
  type RefinementCode,
  refineNetworkMessage,
} from './wire/refine.ts';
