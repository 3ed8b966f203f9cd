// errors.ts: why a log could not be verified, as a sentence for whoever asked.

export class CannotVerify extends Error {
  override name = 'CannotVerify';
  readonly code: string = 'cannot_verify';
}

/** The folder for temporary files cannot be written, or is full. */
export class NoRoomToVerify extends CannotVerify {
  override name = 'NoRoomToVerify';
  override readonly code = 'no_room_to_verify';
  constructor(folder: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `a temporary file in ${folder} cannot be written (${why})`;
    super(`${what}: set TMPDIR to a folder with as much room as the log takes`, { cause });
  }
}
