import { journalContract, type Subject } from '../contract.ts';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from './memoryJournal.ts';

function subject(log: MemoryLog): Subject {
  const journal = openMemoryJournal(log);
  return {
    journal,
    reopen: async () => {
      await journal.close();
      return subject(log);
    },
    destroy: () => journal.close(),
  };
}

journalContract('the journal in memory', { open: async () => subject(newMemoryLog()) });
