// clients.ts: those who send messages and calls, through whichever engine, and note what they were told and when.

import type { Answer } from '@holdfast/domain';
import { commandIdOf, contentHashOf } from '@holdfast/events';
import type { Clock } from '../../clock.ts';
import type { CommandOutcome, Engine, ManagementCommand } from '../../engine.ts';
import { type Letter, SENDER } from './letters.ts';

/** What happened at the clients, in one order over all of them. */
export type Sending = {
  readonly letter: Letter;
  readonly sent: number;
  told?: { readonly at: number; readonly answer: Answer; readonly position: bigint };
  /** The engine said that it could not; nobody knows what became of it. */
  failed?: string;
  /** Its engine died: nothing will be told. */
  lost?: true;
};

export type Calling = {
  readonly call: Call;
  readonly sent: number;
  told?: { readonly at: number; readonly outcome: CommandOutcome };
  failed?: string;
  lost?: true;
};

export type Call = { readonly command: ManagementCommand; readonly key: string };

export type Clients = {
  readonly sendings: readonly Sending[];
  readonly callings: readonly Calling[];
  send(engine: Engine | undefined, letter: Letter, waitsMs: number): Sending;
  call(engine: Engine | undefined, call: Call): Calling;
  /** Whoever waits for this engine waits for ever. */
  abandon(engine: Engine): void;
  readonly outstanding: number;
};

export function openClients(clock: Clock, onTold: (sending: Sending) => void): Clients {
  const sendings: Sending[] = [];
  const callings: Calling[] = [];
  const waiting = new Map<Sending | Calling, Engine>();
  let order = 0;

  /** Runs `tell` unless the engine has died meanwhile. */
  function unlessLost(who: Sending | Calling, tell: () => void): void {
    if (!waiting.delete(who)) return;
    tell();
  }

  function wait<Told>(who: Sending | Calling, engine: Engine, asked: Promise<Told>, tell: (told: Told) => void): void {
    waiting.set(who, engine);
    asked.then(
      (told) => unlessLost(who, () => tell(told)),
      (error: Error) =>
        unlessLost(who, () => {
          who.failed = `${error.name}: ${error.message}`;
        }),
    );
  }

  return {
    sendings,
    callings,
    send(engine, letter, waitsMs) {
      const sending: Sending = { letter, sent: order++ };
      sendings.push(sending);
      if (engine === undefined) {
        sending.lost = true;
        return sending;
      }
      const { message, commandId, contentHash } = letter;
      const answerBy = clock.now() + waitsMs;
      const submission = { message, commandId, contentHash, answerBy, actor: SENDER, correlationId: commandId };
      wait(sending, engine, engine.submit(submission), ({ answer, position }) => {
        sending.told = { at: order++, answer, position };
        onTold(sending);
      });
      return sending;
    },
    call(engine, call) {
      const calling: Calling = { call, sent: order++ };
      callings.push(calling);
      if (engine === undefined) {
        calling.lost = true;
        return calling;
      }
      const { command, key } = call;
      const context = {
        commandId: commandIdOf('api', key),
        contentHash: contentHashOf(JSON.stringify(command, plain)),
        actor: 'key_platform',
        correlationId: key,
      };
      wait(calling, engine, engine.execute(command, context), (outcome) => {
        calling.told = { at: order++, outcome };
      });
      return calling;
    },
    abandon(engine) {
      for (const [who, at] of waiting) {
        if (at !== engine) continue;
        waiting.delete(who);
        who.lost = true;
      }
    },
    get outstanding() {
      return waiting.size;
    },
  };
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
