// faults.ts: what a test may make the server do to an append, and to the question for its version.

/** Errors that a real server answers, by the name of what it says. */
export type Refusal =
  | 'timeout'
  | 'busy'
  | 'not_ready'
  | 'no_leader_info'
  | 'access_denied'
  | 'stream_deleted'
  | 'append_size'
  | 'event_size'
  | 'bad_request'
  | 'unknown';

export type AppendFault =
  /** The connection that it came on ends, before it is written or after it was. */
  | { readonly kind: 'cut'; readonly applied: boolean }
  /** No answer ever comes. */
  | { readonly kind: 'withhold'; readonly applied: boolean }
  /** It is written, and answered later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It is written, and answered twice, which the client does not survive. */
  | { readonly kind: 'double' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** It is written, and refused as if somebody else had moved the stream on. */
  | { readonly kind: 'wrong_revision' }
  /** Ends the stream of appends with the address of another node. */
  | { readonly kind: 'not_leader'; readonly host: string; readonly port: number };

export type Faults = {
  /** Who asks for its version is never answered. */
  withholdVersion?: boolean;
  /** Asked for each append when it is whole; undefined: it is handled as it should be. */
  onAppend?: ((append: { readonly stream: string; readonly events: number }) => AppendFault | undefined) | undefined;
};
