// limits.ts: how much a clearing file may hold. Reference: docs/clearing.md.

export const CLEARING_FILE_LIMITS = {
  fileBytes: 64 * 1024 * 1024,
  /** Without its line feed. */
  lineBytes: 64 * 1024,
  records: 100_000,
  /** In which its records are, and as many in which they are billed. */
  currencies: 32,
  sender: 64,
  sequence: 999_999_999_999,
  recordId: 64,
  /** Faults that are told, each with its line. */
  faults: 100,
} as const;
