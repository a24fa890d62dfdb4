import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { readConfig, outgoingProxyOf, PROXY_SETTINGS } from '@sluice/runtime';
import {
  CertificateAuthority,
  ConnectProxy,
  UNBELIEVABLE,
  unbelievableCertificate,
  type ProxyBehaviour,
} from '@sluice/test-servers';
import { VenueHttp, type VenueAnswer } from './venue-http.js';

const CLOCK = { observe: () => undefined };
const DEFAULTS = getCACertificates('default');
const answersJson: RequestListener = (_request, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1}');

describe('a call to a venue through a proxy', () => {
  let authority: CertificateAuthority;
  let proxy: ConnectProxy;
  let venue: ReturnType<typeof createServer>;
  let origin: string;
  let http: VenueHttp;
  let requests = 0;
  let connections = 0;

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
    setDefaultCACertificates([...DEFAULTS, authority.certificate]);
  });
  afterAll(() => setDefaultCACertificates(DEFAULTS));

  beforeEach(async () => {
    requests = connections = 0;
    proxy = await ConnectProxy.start();
  });
  afterEach(async () => {
    venue.closeAllConnections();
    await http.close();
    await proxy.stop();
    await new Promise((resolve) => venue.close(resolve));
  });

  async function givenVenue(
    answer: RequestListener = answersJson,
    more: Readonly<Record<string, string>> = {},
    order = authority.issue({ hosts: ['127.0.0.1'] }),
  ): Promise<void> {
    const { certificate: cert, key } = await order;
    venue = createServer({ cert, key }, (request, response) => {
      requests++;
      answer(request, response);
    });
    venue.on('connection', () => connections++);
    await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
    origin = `https://127.0.0.1:${(venue.address() as AddressInfo).port}`;
    const OUTGOING_PROXY_URL = `http://sluice:pass%20word@127.0.0.1:${proxy.port}`;
    http = new VenueHttp({
      origin,
      clock: CLOCK,
      connections: 2,
      connectTimeoutMs: 400,
      proxy: outgoingProxyOf(readConfig({ OUTGOING_PROXY_URL, ...more }, PROXY_SETTINGS)),
    });
  }

  const pay = (timeoutMs = 2_000): Promise<VenueAnswer> =>
    http.call({ method: 'POST', path: '/pay', headers: { key: 'a-key' }, body: '{}', timeoutMs });

  it('is answered over kept connections, and the proxy sees neither path nor key', async () => {
    await givenVenue();

    for (let n = 0; n < 6; n++) expect(await pay()).toMatchObject({ kind: 'answer', status: 200 });

    const login = `Basic ${Buffer.from('sluice:pass word').toString('base64')}`;
    const place = origin.slice('https://'.length);
    // as many as the pool has connections
    expect(proxy.asked).toEqual([
      [place, login],
      [place, login],
    ]);
    expect([requests, connections]).toEqual([6, 2]);
    expect(proxy.relayed.length).toBeGreaterThan(0);
    expect(proxy.relayed.toString('latin1')).not.toMatch(/a-key|\/pay/);
  });

  it('is not sent if the proxy is down', async () => {
    await givenVenue();
    await proxy.stop();

    const cause = 'no connection: the proxy is not reached: ECONNREFUSED';
    expect(await pay()).toEqual({ kind: 'not_sent', cause });
    proxy = await ConnectProxy.start();
  });

  it.each<[ProxyBehaviour, string]>([
    [407, 'the proxy answers CONNECT with 407'],
    [502, 'the proxy answers CONNECT with 502'],
    [302, 'the proxy answers CONNECT with 302'],
    ['cuts', 'the proxy is not reached: ECONNRESET'],
    ['is silent', 'the proxy does not answer CONNECT'],
  ])('is not sent if the answer of the proxy to CONNECT is: %s', async (behaviour, cause) => {
    await givenVenue();
    proxy.behaviour = behaviour;

    expect(await pay()).toEqual({ kind: 'not_sent', cause: `no connection: ${cause}` });
    expect([requests, connections]).toEqual([0, 0]);
    proxy.behaviour = 'relays';
    expect((await pay()).kind).toBe('answer');
  });

  it('is not sent if the proxy cuts the open tunnel before the TLS handshake has ended', async () => {
    await givenVenue();
    proxy.behaviour = 'cuts when open';

    expect(await pay()).toMatchObject({ kind: 'not_sent' });
    expect(requests).toBe(0);
  });

  it('is unknown if the proxy cuts after the request, and is made once', async () => {
    await givenVenue(() => proxy.cut());

    expect(await pay()).toMatchObject({ kind: 'broken', status: null });
    expect(requests).toBe(1);
  });

  it('is unknown if the proxy cuts a kept connection with a request under way', async () => {
    let isCut = false;
    await givenVenue((request, response) => (isCut ? proxy.cut() : answersJson(request, response)));
    expect((await pay()).kind).toBe('answer');
    isCut = true;

    expect(await pay()).toMatchObject({ kind: 'broken', status: null });
    expect(requests).toBe(2);
  });

  it.each(UNBELIEVABLE)('is not sent to a venue with a certificate %s', async (what, code) => {
    await givenVenue(answersJson, {}, unbelievableCertificate(what, authority));

    expect(await pay()).toEqual({ kind: 'not_sent', cause: `no connection: ${code}` });
    expect([requests, connections]).toEqual([0, 1]);
  });

  it.each([['127.0.0.1'], ['.0.0.1']])('is direct with OUTGOING_NO_PROXY=%s', async (direct) => {
    await givenVenue(answersJson, { OUTGOING_NO_PROXY: direct });

    expect((await pay()).kind).toBe('answer');
    expect(proxy.asked).toEqual([]);
  });

  it('is refused at the start without TLS on another machine', async () => {
    await givenVenue();
    const options = { clock: CLOCK, connections: 1 };
    const through = outgoingProxyOf(
      readConfig({ OUTGOING_PROXY_URL: `http://127.0.0.1:${proxy.port}` }, PROXY_SETTINGS),
    );
    const plain = (): VenueHttp =>
      new VenueHttp({ ...options, origin: 'http://venue.example', proxy: through });

    expect(plain).toThrow(
      'http://venue.example has no TLS, and the proxy of OUTGOING_PROXY_URL could change the requests: use https://, or add the host to OUTGOING_NO_PROXY',
    );
  });

  it('is tunnelled without TLS to a venue on this machine', async () => {
    await givenVenue();
    const server = createHttpServer((_request, response) => response.writeHead(202).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const local = new VenueHttp({
      origin: `http://127.0.0.1:${port}`,
      clock: CLOCK,
      connections: 1,
      proxy: outgoingProxyOf(
        readConfig({ OUTGOING_PROXY_URL: `http://127.0.0.1:${proxy.port}` }, PROXY_SETTINGS),
      ),
    });

    const call = { method: 'GET', path: '/', headers: {}, timeoutMs: 2_000 } as const;
    expect(await local.call(call)).toMatchObject({ kind: 'answer', status: 202 });
    expect(proxy.asked).toEqual([[`127.0.0.1:${port}`, undefined]]);
    await local.close();
    server.close();
  });
});
