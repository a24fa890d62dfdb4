import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { ClockReading } from '@sluice/runtime';
import {
  CertificateAuthority,
  UNBELIEVABLE,
  unbelievableCertificate,
  type Certificate,
} from '@sluice/test-servers';
import { VenueHttp, type VenueAnswer } from './venue-http.js';

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

const pay = (): Promise<VenueAnswer> =>
  http.call({
    method: 'POST',
    path: '/pay',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    timeoutMs: 300,
  });

beforeEach(() => {
  asked = 0;
  readings = [];
});
afterEach(async () => {
  server.closeAllConnections();
  await http.close();
  await new Promise((resolve) => server.close(resolve));
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
});
