// cluster.ts: a PostgreSQL of its own for the run, durable, on a unix socket, stopped and removed afterwards.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { scratch } from '../support/folders.ts';

export const HOW_TO_INSTALL =
  'PostgreSQL was not found (initdb and postgres in PATH or /usr/lib/postgresql/*/bin): on Debian, apt-get install postgresql';

/** Beyond its defaults: room to keep the tables and the write-ahead log from being what limits it. All of it is durable. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  wal_buffers: '64MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  max_connections: '100',
  listen_addresses: '',
} as const;

export type Cluster = { readonly socket: string; readonly version: string; stop(): Promise<void> };

/** Undefined when none is installed. */
export async function startCluster(): Promise<Cluster | undefined> {
  const bin = findBinaries();
  if (bin === undefined) return undefined;
  const as = unprivileged();
  const data = join(await scratch('postgres'), 'data');
  // Names of unix sockets have at most 107 bytes.
  const socket = mkdtempSync(join(tmpdir(), 'bench-pg-'));
  if (as.uid !== undefined && as.gid !== undefined) {
    chownSync(join(data, '..'), as.uid, as.gid);
    chownSync(socket, as.uid, as.gid);
  }
  const initdb = ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  execFileSync(join(bin, 'initdb'), initdb, { ...as, stdio: 'pipe', cwd: socket });
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', socket, ...settings], {
    ...as,
    stdio: 'ignore',
    cwd: socket,
  });
  const kill = (): void => void server.kill('SIGQUIT');
  process.once('exit', kill);
  const version = await answering(socket, server);
  return {
    socket,
    version,
    async stop() {
      process.off('exit', kill);
      // SIGINT: fast shutdown.
      server.kill('SIGINT');
      await once(server, 'exit');
      await rm(socket, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((each) => join(debian, each, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL refuses to run as root: then as `postgres`, or as nobody. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
}

async function answering(socket: string, server: ChildProcess): Promise<string> {
  for (let tries = 0; tries < 200 && server.exitCode === null; tries++) {
    const client = new pg.Client({ host: socket, user: 'bench', database: 'postgres' });
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version ?? 'of unknown version';
    } catch {
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error('PostgreSQL did not start');
}
