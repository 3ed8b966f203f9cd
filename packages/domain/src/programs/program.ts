// program.ts: a card program: state, decisions, in that order.

import type { ProgramEvent, Recorded } from '../events.ts';
import type { ProgramId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import type { Instant } from '../time.ts';

export type Program = {
  readonly programId: ProgramId;
  readonly name: string;
  readonly status: 'active' | 'paused';
  readonly holdExpiryDays: number;
  /** Revision of the program's stream: decisions record which one they used. */
  readonly version: number;
  readonly createdAt: Instant;
};

export const HOLD_EXPIRY_DAYS = { least: 1, most: 30, usual: 7 } as const;

export function evolveProgram(program: Program | undefined, event: Recorded<ProgramEvent>): Program {
  if (event.type === 'ProgramCreated') {
    const { programId, name, holdExpiryDays } = event.data;
    return {
      programId,
      name,
      status: 'active',
      holdExpiryDays,
      version: event.revision,
      createdAt: event.metadata.occurredAt,
    };
  }
  invariant(program !== undefined, `${event.type} in a program that was not created`);
  switch (event.type) {
    case 'ProgramPaused':
      return { ...program, status: 'paused', version: event.revision };
    case 'ProgramResumed':
      return { ...program, status: 'active', version: event.revision };
    default:
      return event satisfies never;
  }
}

export type ProgramCommand =
  | {
      readonly type: 'createProgram';
      readonly programId: ProgramId;
      readonly name: string;
      readonly holdExpiryDays: number;
    }
  | { readonly type: 'pauseProgram' | 'resumeProgram'; readonly programId: ProgramId; readonly reason?: string };

export type ProgramRefusal = 'program_exists' | 'program_not_found';

export function decideProgram(
  program: Program | undefined,
  command: ProgramCommand,
): ProgramEvent | { readonly refusal: ProgramRefusal } {
  if (command.type === 'createProgram') {
    if (program !== undefined) return { refusal: 'program_exists' };
    const { programId, name, holdExpiryDays } = command;
    return { type: 'ProgramCreated', data: { programId, name, holdExpiryDays } };
  }
  if (program === undefined) return { refusal: 'program_not_found' };
  const data = { programId: command.programId, ...(command.reason === undefined ? {} : { reason: command.reason }) };
  return command.type === 'pauseProgram' ? { type: 'ProgramPaused', data } : { type: 'ProgramResumed', data };
}
