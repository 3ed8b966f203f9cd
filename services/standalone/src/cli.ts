// cli.ts: the holdfast command: what its arguments say is done, and what went wrong is one sentence.

import { parseArguments } from './commandLine.ts';
import { readLocation } from './configuration.ts';
import { log } from './logCommand.ts';
import { refusalOf } from './openLog.ts';
import { complain, endWhenUnread, print } from './output.ts';
import { EXIT, type ExitStatus, Refusal } from './refusal.ts';
import { verify } from './verifyCommand.ts';

async function run(args: readonly string[]): Promise<ExitStatus | undefined> {
  const given = parseArguments(args);
  switch (given.command) {
    case 'start': {
      // Only this one needs the server's code, which takes a moment to load.
      const { start } = await import('./startCommand.ts');
      return start(given.flags, process.env);
    }
    case 'issuing': {
      const { startIssuing } = await import('./startCommand.ts');
      return startIssuing(given.flags, process.env);
    }
    case 'authorizer': {
      const { startAuthorizer } = await import('./authorizerCommand.ts');
      return startAuthorizer(given.flags, process.env);
    }
    case 'retire': {
      const { retireAuthorizer } = await import('./retireCommand.ts');
      return retireAuthorizer(given.name, process.env);
    }
    case 'authorizers': {
      const { listAuthorizers } = await import('./retireCommand.ts');
      return listAuthorizers(process.env);
    }
    case 'projector': {
      const { runProjector } = await import('./projectorCommand.ts');
      return runProjector(given.flags, process.env);
    }
    case 'verify':
      return verify(readLocation(given.data, process.env), given.json);
    case 'log':
      return log(readLocation(given.options.data, process.env), given.options);
    case 'clear': {
      const { clear } = await import('./clearCommand.ts');
      return clear(given.file, given.flags, process.env);
    }
    case 'feed': {
      const { feed } = await import('./feedCommand.ts');
      return feed(given.flags, process.env);
    }
    case 'up': {
      const { up } = await import('./upCommand.ts');
      return up(given.flags, process.env);
    }
    case 'eventstore': {
      const { runEventStore } = await import('./eventStoreCommand.ts');
      return runEventStore(given);
    }
    case 'say':
      await print(given.text.trimEnd());
      return EXIT.ok;
    case 'wrong':
      throw new Refusal(`${given.sentence} Run holdfast --help for what there is.`);
    default:
      return given satisfies never;
  }
}

endWhenUnread();
try {
  const status = await run(process.argv.slice(2));
  if (status !== undefined) process.exitCode = status;
} catch (error) {
  const refusal = refusalOf(error);
  if (!(refusal instanceof Refusal)) throw error;
  complain(refusal.message);
  process.exitCode = refusal.status;
}
