export { cloudEventOf } from './cloudEvent.ts';
export { type Feed, FeedFailed, type FeedOptions, startFeed } from './feed.ts';
export type { NatsOptions, StreamOptions } from './jetStream.ts';
export { subjectOf } from './subject.ts';
