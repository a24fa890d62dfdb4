import type { RequestListener, Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type SecureContextOptions } from 'node:tls';
import { CertificateAuthority, freePort } from '@sluice/test-servers';
import { httpServer, type WatchedServer } from './http-adapter.js';
import { HttpServers } from './http-servers.js';

const TIMES = { sendWithinMs: 300, checkEveryMs: 50, keepAliveMs: 1_500 };
const REQUEST = 'GET / HTTP/1.1\r\nHost: any.example\r\n\r\n';
const SLOW = REQUEST.replace('/', '/slow');

const handler: RequestListener = ({ url }, response) =>
  void sleep(url === '/slow' ? 2 * TIMES.keepAliveMs : 0).then(() => response.end('yes'));

describe.each(['HTTP', 'TLS'])('a connection without a request, over %s', (kind) => {
  let tls: SecureContextOptions | null = null;
  let watched: WatchedServer;
  beforeAll(async () => {
    if (kind === 'HTTP') return;
    const authority = await CertificateAuthority.create();
    const { certificate: cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
    tls = { cert, key };
  });
  beforeEach(async () => {
    watched = httpServer(handler, TIMES, tls);
    await new Promise<void>((done) => watched.server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => {
    watched.server.close();
    watched.server.closeAllConnections();
  });

  const opened = () => openTo(watched.server, tls !== null);

  it('is ended without a response, and not before the keep-alive time', async () => {
    const { received, closed } = await opened();
    const openMs = await closed;
    expect(received()).toBe('');
    expect(openMs).toBeGreaterThanOrEqual(TIMES.keepAliveMs - 5);
    expect(openMs).toBeLessThan(2 * TIMES.keepAliveMs);
  });

  it('is served long after the time for sending a request', async () => {
    const { socket, received, closed } = await opened();
    await sleep(3 * TIMES.sendWithinMs);
    socket.write(REQUEST);
    const openMs = await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 200 .*yes$/s);
    expect(openMs).toBeGreaterThanOrEqual(3 * TIMES.sendWithinMs + TIMES.keepAliveMs);
  });

  it('is not ended while its first request is being answered', async () => {
    const { socket, received, closed } = await opened();
    await sleep(TIMES.sendWithinMs);
    socket.write(SLOW);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 200 .*yes$/s);
  });

  it.each([
    ['at once', 0],
    ['late', 3 * TIMES.sendWithinMs],
  ])('is answered with 408 when %s it sends half a request', async (_when, afterMs) => {
    const { socket, received, closed } = await opened();
    await sleep(afterMs);
    socket.write(REQUEST.slice(0, 20));
    const openMs = await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 408 Request timeout\r\n/);
    expect(openMs - afterMs).toBeLessThan(TIMES.keepAliveMs);
  });

  it('is ended though it sends line ends for ever', async () => {
    const { socket, closed } = await opened();
    await sleep(3 * TIMES.sendWithinMs);
    const trickle = setInterval(() => socket.write('\r\n'), 100);
    const openMs = await closed;
    clearInterval(trickle);
    expect(openMs).toBeLessThan(2 * TIMES.keepAliveMs);
  });
});

describe('a server that closes', () => {
  it('ends the connections without a request, and waits for the running one', async () => {
    const port = await freePort();
    const goodbye = { quietMs: 50, longestMs: 200 };
    const servers = new HttpServers(
      [{ host: '127.0.0.1', port, reportsFaults: true }],
      null,
      goodbye,
    );
    await servers.serve((_request, response) => {
      void sleep(500).then(() => response.writeHead(200, { connection: 'close' }).end('yes'));
    });
    const [unused, running] = [await opening(connect(port)), await opening(connect(port))];
    running.socket.write(REQUEST);
    await sleep(50);

    await servers.close();

    expect(unused.received()).toBe('');
    expect(await unused.closed).toBeLessThan(3_000);
    await running.closed;
    expect(running.received()).toMatch(/^HTTP\/1\.1 200 .*yes/s);
  });
});

function openTo(server: Server, isTls: boolean) {
  const { port } = server.address() as AddressInfo;
  return opening(
    isTls ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect(port),
  );
}

/** Resolves once the connection is open. `closed`: time from then to its end, in milliseconds. */
async function opening(socket: Socket) {
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk))).on('error', () => undefined);
  await new Promise((done) =>
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done),
  );
  const sinceMs = performance.now();
  const closed = new Promise<number>((done) =>
    socket.once('close', () => done(performance.now() - sinceMs)),
  );
  return { socket, received: () => text, closed };
}
