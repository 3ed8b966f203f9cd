import { describe, expect, test } from 'vitest';
import type { ProgramEvent, Recorded } from '../events.ts';
import type { CommandId, ProgramId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import { decideProgram, evolveProgram, type Program, type ProgramCommand } from './program.ts';

const programId = 'prog_main' as ProgramId;
const create: ProgramCommand = { type: 'createProgram', programId, name: 'Travel', holdExpiryDays: 7 };

function recorded(event: ProgramEvent, revision: number): Recorded<ProgramEvent> {
  const metadata = { occurredAt: 1_000 + revision, commandId: 'c' as CommandId, correlationId: '', actor: '' };
  return { ...event, metadata, revision };
}

function given(...commands: readonly ProgramCommand[]): Program | undefined {
  return commands.reduce<Program | undefined>((program, command, revision) => {
    const decided = decideProgram(program, command);
    return 'refusal' in decided ? program : evolveProgram(program, recorded(decided, revision));
  }, undefined);
}

describe('a program', () => {
  test('is active once created, and counts its versions by revision', () => {
    expect(given(create)).toEqual({
      programId,
      name: 'Travel',
      status: 'active',
      holdExpiry: { lodging: 30, carRental: 30, cruise: 30, fuel: 2, other: 7 },
      rates: {},
      markupBasisPoints: 0,
      version: 0,
      createdAt: 1_000,
    });
  });

  test('is paused and resumed', () => {
    expect(given(create, { type: 'pauseProgram', programId })).toMatchObject({ status: 'paused', version: 1 });
    expect(given(create, { type: 'pauseProgram', programId }, { type: 'resumeProgram', programId })).toMatchObject({
      status: 'active',
      version: 2,
    });
  });

  test('keeps the reason it was given', () => {
    const decided = decideProgram(given(create), { type: 'pauseProgram', programId, reason: 'audit' });
    expect(decided).toEqual({ type: 'ProgramPaused', data: { programId, reason: 'audit' } });
  });

  test('is created once', () => expect(decideProgram(given(create), create)).toEqual({ refusal: 'program_exists' }));

  test('cannot be paused before it is created', () => {
    expect(decideProgram(undefined, { type: 'pauseProgram', programId })).toEqual({ refusal: 'program_not_found' });
    const paused = recorded({ type: 'ProgramPaused', data: { programId } }, 0);
    expect(() => evolveProgram(undefined, paused)).toThrow(InvariantBroken);
  });
});
