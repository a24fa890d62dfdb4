import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { ClockReading } from '@sluice/runtime';
import {
  CertificateAuthority,
  UNBELIEVABLE,
  unbelievableCertificate,
  type Certificate,
} from '@sluice/test-servers';
import { isObject } from '@sluice/kernel';
import { VenueHttp, type VenueAnswer } from './venue-http.js';
import type { VenueSpeech } from './venue-speech.js';

let server: Server;
let http: VenueHttp;
let asked = 0;
let readings: ClockReading[] = [];

async function givenVenue(answer: RequestListener, tls?: Certificate): Promise<void> {
  const listener: RequestListener = (request, response) => {
    asked++;
    answer(request, response);
  };
  server = tls
    ? createTlsServer({ cert: tls.certificate, key: tls.key }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = new VenueHttp({
    clock: { observe: (reading) => void readings.push(reading) },
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 2,
    maxResponseBytes: 10_000,
  });
}

/** A venue whose answers are objects with a `code`. */
const SPEECH: VenueSpeech = {
  isOwn: ({ json }) => isObject(json) && 'code' in json,
  limitedMs: () => null,
};

const pay = (speech?: VenueSpeech): Promise<VenueAnswer> =>
  http.call({
    ...(speech && { speech }),
    method: 'POST',
    path: '/pay',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    timeoutMs: 300,
  });

async function endVenue(): Promise<void> {
  server.closeAllConnections();
  await http.close().catch(() => undefined); // a test may have closed the client
  await new Promise((resolve) => server.close(resolve));
}

beforeEach(() => {
  asked = 0;
  readings = [];
});
afterEach(async () => {
  await endVenue();
});

describe('a call to a venue', () => {
  it('is not sent when no connection comes about', async () => {
    await givenVenue((_request, response) => response.end());
    await new Promise((resolve) => server.close(resolve));

    expect(await pay()).toEqual({ kind: 'not_sent', cause: 'no connection: ECONNREFUSED' });
  });

  it.each<[string, RequestListener]>([
    ['a cut connection', (request) => request.socket.destroy()],
    ['silence', () => undefined],
    [
      'a body that drips',
      (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    ],
    [
      'a giant body',
      (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`"${'x'.repeat(20_000)}"`),
    ],
    [
      'a cut body',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '50' })
          .write('{"id":', () => response.destroy()),
    ],
    [
      'a page',
      (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    [
      'JSON that is none',
      (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":'),
    ],
  ])('is broken by %s, and made once', async (_how, answer) => {
    await givenVenue(answer);

    expect((await pay()).kind).toBe('broken');
    expect(asked).toBe(1);
  });

  it('does not follow a redirect: the payment would go where nobody looked', async () => {
    await givenVenue((_request, response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    );

    expect(await pay()).toMatchObject({ kind: 'answer', status: 307 });
    expect(asked).toBe(1);
  });

  it('is answered with exact ids', async () => {
    await givenVenue((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
        .end('{"id":9223372036854775807}'),
    );

    expect(await pay()).toMatchObject({
      kind: 'answer',
      status: 200,
      json: { id: '9223372036854775807' },
    });
  });

  it('is a reading of the clock of the venue, whatever it answers', async () => {
    const date = 'Fri, 20 Nov 2026 12:00:00 GMT';
    await givenVenue((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html', date }).end('<html>'),
    );

    expect((await pay()).kind).toBe('broken');
    expect(readings).toMatchObject([{ timeMs: Date.parse(date), stepMs: 1_000 }]);
    expect(readings[0]?.askedAtMs).toBeLessThanOrEqual(readings[0]?.answeredAtMs ?? 0);
  });

  it('an empty success needs no content type', async () => {
    await givenVenue((_request, response) => response.writeHead(202).end());

    expect(await pay()).toMatchObject({ kind: 'answer', status: 202, json: undefined });
  });

  it.each(UNBELIEVABLE)('is not sent to who answers with a certificate %s', async (what, code) => {
    const authority = await CertificateAuthority.create();
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, authority.certificate]);
    await givenVenue(
      (_request, response) => response.end(),
      await unbelievableCertificate(what, authority),
    );

    expect(await pay()).toEqual({ kind: 'not_sent', cause: `no connection: ${code}` });
    expect(asked).toBe(0);
    setDefaultCACertificates(before);
  });

  it('names this software, and asks for no compression', async () => {
    let headers: Record<string, unknown> = {};
    await givenVenue((request, response) => {
      headers = request.headers;
      response.writeHead(202).end();
    });

    await pay();

    expect(headers['user-agent']).toMatch(/^sluice\/\d+\.\d+\.\d+/);
    expect(headers['accept-encoding']).toBe('identity');
  });

  it.each<[string, string, Buffer]>([
    ['gzip', 'gzip', gzipSync('{"code":1}')],
    ['gzip without a header', '', gzipSync('{"code":1}')],
    ['deflate', 'deflate', deflateSync('{"code":1}')],
    ['deflate without its header', 'deflate', deflateRawSync('{"code":1}')],
    ['br', 'br', brotliCompressSync('{"code":1}')],
    ['a mark of UTF-8', '', Buffer.from('\uFEFF{"code":1}')],
    ['UTF-16', '', Buffer.from('\uFEFF{"code":1}', 'utf16le')],
  ])('is read in spite of %s, under any content type', async (_what, encoding, body) => {
    for (const type of ['text/plain', 'text/json', 'text/html']) {
      await givenVenue((_request, response) =>
        response.writeHead(200, { 'content-type': type, 'content-encoding': encoding }).end(body),
      );

      expect(await pay(SPEECH)).toMatchObject({ kind: 'answer', json: { code: 1 } });

      await endVenue();
    }
  });

  it('a body that cannot be decoded, or grows beyond the limit, leaves the outcome open', async () => {
    for (const body of [Buffer.from('{"code":1}'), gzipSync('x'.repeat(20_000))]) {
      await givenVenue((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
      );

      expect(await pay(SPEECH)).toMatchObject({ kind: 'broken', status: 200 });

      await endVenue();
    }
  });
});

describe('an answer of another party', () => {
  it.each<[string, number, Record<string, string>, string]>([
    ['the page of a CDN', 403, { 'content-type': 'text/html' }, '<html>Forbidden</html>'],
    ['a page that claims to be JSON', 503, { 'content-type': 'application/json' }, '<html>'],
    ['an empty body', 502, {}, ''],
    ['a line of text', 429, { 'content-type': 'text/plain' }, 'slow down'],
    [
      'the JSON of a gateway',
      404,
      { 'content-type': 'application/json' },
      '{"message":"no route"}',
    ],
    ['a redirect', 302, { location: '/elsewhere' }, ''],
    ['a page with the status of a success', 200, { 'content-type': 'text/html' }, '<html>'],
  ])('is %s', async (_what, status, headers, body) => {
    await givenVenue((_request, response) => response.writeHead(status, headers).end(body));

    expect(await pay(SPEECH)).toMatchObject({ kind: 'foreign', status, retryAfterMs: 0 });
    expect(readings).toEqual([]); // its clock is not the clock of the venue
  });

  it('is not a cut answer of the venue, which proves nothing', async () => {
    await givenVenue((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":1,'),
    );

    expect((await pay(SPEECH)).kind).toBe('broken');
  });

  it.each([
    ['120', 120_000],
    ['Fri, 20 Nov 2026 12:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['86400', 600_000],
    ['soon', 0],
  ])('asks for a pause by Retry-After: %s', async (asked, retryAfterMs) => {
    const date = 'Fri, 20 Nov 2026 12:00:00 GMT';
    await givenVenue((_request, response) =>
      response.writeHead(503, { date, 'retry-after': asked }).end(),
    );

    expect(await pay(SPEECH)).toMatchObject({ kind: 'foreign', retryAfterMs });
  });
});

describe('a connection that ends', () => {
  let tcp: TcpServer;
  afterEach(() => tcp.close());

  /** A peer that is no venue, behind an https origin. */
  async function givenPeer(onConnection: (socket: Socket) => void): Promise<void> {
    await givenVenue((_request, response) => response.end());
    await http.close();
    tcp = createTcpServer((socket) => onConnection(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const { port } = tcp.address() as AddressInfo;
    http = new VenueHttp({
      clock: { observe: () => undefined },
      origin: `https://127.0.0.1:${port}`,
      connections: 1,
      connectTimeoutMs: 200,
    });
  }

  /** A handshake failure alert of TLS 1.0. */
  const OLD_VERSION = Buffer.from('15030100020246', 'hex');

  it.each<[string, (socket: Socket) => void]>([
    ['a reset at once', (socket) => socket.resetAndDestroy()],
    [
      'a reset after the first bytes',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
    ],
    ['an end after the first bytes', (socket) => socket.once('data', () => socket.end())],
    ['an old version', (socket) => socket.once('data', () => socket.end(OLD_VERSION))],
    [
      'plain HTTP',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    ],
  ])('in the TLS handshake by %s has sent nothing', async (_how, onConnection) => {
    await givenPeer(onConnection);

    expect(await pay()).toMatchObject({ kind: 'not_sent' });
  });

  it('after the handshake of an earlier request has perhaps sent the next one', async () => {
    let requests = 0;
    await givenVenue((request, response) => {
      if (++requests === 1) response.writeHead(202).end();
      else request.socket.resetAndDestroy();
    });
    tcp = createTcpServer();

    expect((await pay()).kind).toBe('answer');
    expect((await pay()).kind).toBe('broken');
  });

  it('without a name or a port has sent nothing', async () => {
    tcp = createTcpServer();
    await givenVenue((_request, response) => response.end());
    await http.close();
    http = new VenueHttp({
      clock: { observe: () => undefined },
      origin: 'https://venue.invalid',
      connections: 1,
    });

    expect(
      (await http.call({ method: 'GET', path: '/', headers: {}, timeoutMs: 4_000 })).kind,
    ).toBe('not_sent');
  });
});
