// index.ts: a card network: realistic traffic, or a file of messages, to a running Holdfast.

export { type Options, parseOptions } from './options.ts';
export { simulate } from './simulate.ts';
