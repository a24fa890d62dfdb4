import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * All endpoints of a benchmark in a separate process: `/slow` responds after nine seconds, every
 * other path at once. Sends the port to the parent process, and the arrivals on request.
 */
const SLOW_MS = 9_000;
/** First arrival by `withdrawal_id`, in Unix milliseconds. */
let arrivals = new Map<number, number>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/slow') {
      setTimeout(() => response.end(), SLOW_MS);
      return;
    }
    response.end();
    const number = Number(
      /"withdrawal_id":(\d+)/.exec(Buffer.concat(chunks).toString('latin1'))?.[1],
    );
    if (!arrivals.has(number)) arrivals.set(number, Date.now());
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
process.on('message', (question) => {
  process.send?.(question === 'count' ? arrivals.size : [...arrivals]);
  if (question === 'take') arrivals = new Map();
});
process.on('disconnect', () => process.exit(0));
