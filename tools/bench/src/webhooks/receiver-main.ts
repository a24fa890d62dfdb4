import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** All endpoints of a benchmark in one process of their own: `/slow` answers after nine seconds, every other path at once. Tells its parent its port, and what has arrived when it is asked. */
const SLOW_MS = 9_000;
/** By `withdrawal_id`: when it arrived first, in milliseconds since 1970. */
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
