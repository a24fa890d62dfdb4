import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../process/launch.js';

/**
 * Port range below the range for outgoing connections (32768 and up, or 49152). In the higher range
 * a client redialling a stopped server can receive the server's own port, and the server cannot
 * restart.
 */
const FIRST = 15_000;
const AFTER_LAST = 32_000;
const TRIES = 50;

/**
 * Folder with a file for each port in use on this machine, containing the pid of the requesting
 * process. The server may start listening only seconds later.
 */
const GIVEN_OUT = join(tmpdir(), 'sluice-ports');

/**
 * Returns a free TCP port on 127.0.0.1. The port is not in `taken` and not assigned to another
 * living process. `preferred` is returned if still available. Throws if no tried port is free.
 */
export async function freePort(
  preferred?: number,
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  const candidates = [
    ...(preferred === undefined ? [] : [preferred]),
    ...Array.from({ length: TRIES }, () => randomInt(FIRST, AFTER_LAST)),
  ];
  for (const port of candidates) {
    if (!taken.has(port) && (await isFree(port)) && claim(port, port === preferred)) return port;
  }
  throw new Error(
    `no free TCP port on 127.0.0.1 among ${TRIES} tried from ${FIRST} to ${AFTER_LAST - 1}`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/**
 * Claims a port. Returns false if the port belongs to another process. A port already assigned to
 * this process is returned only if requested again (`again`).
 */
function claim(port: number, again: boolean): boolean {
  const file = join(GIVEN_OUT, `${port}`);
  const holder = holderOf(file);
  if (holder === process.pid) return again;
  if (holder !== undefined && isAlive(holder)) return false;
  try {
    if (holder !== undefined) rmSync(file, { force: true });
    mkdirSync(GIVEN_OUT, { recursive: true });
    writeFileSync(file, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    // Another was quicker. Any other fault (the folder is another user's) leaves us as well off as without the files.
    return !(error instanceof Error && 'code' in error && error.code === 'EEXIST');
  }
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
