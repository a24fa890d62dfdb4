import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (32768 and up, or 49152). Among those a client that keeps
 * dialling a server that is down can be given the server's own port, and then the server cannot come back.
 */
const FIRST = 15_000;
const AFTER_LAST = 32_000;
const TRIES = 50;

/** A TCP port on 127.0.0.1 that was free a moment ago and is none of `taken`; `preferred` is kept when it still is. */
export async function freePort(preferred?: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  const candidates = [...(preferred === undefined ? [] : [preferred]), ...Array.from({ length: TRIES }, () => randomInt(FIRST, AFTER_LAST))];
  for (const port of candidates) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free TCP port on 127.0.0.1 among ${TRIES} tried from ${FIRST} to ${AFTER_LAST - 1}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
