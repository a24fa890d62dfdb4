import { connect, type AddressInfo } from 'node:net';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { httpAdapter } from './http-adapter.js';

describe('httpAdapter', () => {
  let adapter: FastifyAdapter;
  beforeEach(async () => {
    adapter = httpAdapter({ sendWithinMs: 300, checkEveryMs: 100 });
    const fastify = adapter.getInstance();
    fastify.get('/things/:id', () => 'a thing');
    fastify.post('/things', () => 'made');
    await fastify.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => adapter.getInstance().close());

  /** Everything that is answered until the server closes the connection. */
  const answerTo = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(
        (adapter.getInstance().server.address() as AddressInfo).port,
        '127.0.0.1',
        () => socket.write(bytes),
      );
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('close', () => resolve(received)).on('error', reject);
    });
  const request = (line: string, ...headers: string[]) =>
    [line, 'Host: any.example', 'Connection: close', ...headers, '', ''].join('\r\n');

  it.each([
    ['bytes that are no HTTP', 'hello\r\n\r\n'],
    ['a path that cannot be decoded', request('GET /things/%zz HTTP/1.1')],
  ])('names the request in its answer to %s', async (_name, bytes) => {
    expect(await answerTo(bytes)).toMatch(/^x-request-id: [0-9a-f-]{36}\r$/im);
  });

  it.each<[string, string, string, string]>([
    ['no HTTP', 'hello\r\n\r\n', '400 Bad request', 'Bad request'],
    ['a method that nobody knows', request('FOO / HTTP/1.1'), '400 Bad request', 'Bad request'],
    [
      'two lengths',
      request('POST /things HTTP/1.1', 'Content-Length: 3', 'Transfer-Encoding: chunked'),
      '400 Bad request',
      'Bad request',
    ],
    [
      'two hosts',
      request('GET /things/1 HTTP/1.1', 'host: another.example'),
      '400 Bad Request',
      'Bad request',
    ],
    [
      'too long a target',
      request(`GET /?${'x'.repeat(20_000)} HTTP/1.1`),
      '431 Request header fields too large',
      'Request header fields too large',
    ],
    [
      'too long a part of a path',
      request(`GET /things/${'1'.repeat(2_000)} HTTP/1.1`),
      '404 Not Found',
      'Not found',
    ],
    [
      'an escape that is none',
      request('GET /things/%E0%A4%A HTTP/1.1'),
      '404 Not Found',
      'Not found',
    ],
    [
      'headers that never end',
      'GET /things/1 HTTP/1.1\r\nHost: any.example\r\n',
      '408 Request timeout',
      'Request timeout',
    ],
    [
      'a body that never comes',
      request('POST /things HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 100'),
      '408 Request timeout',
      'Request timeout',
    ],
  ])('%s is refused in the envelope', async (_what, bytes, status, message) => {
    const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');

    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(JSON.parse(body)).toEqual({ success: false, message });
  });

  it('serves what is whole', async () => {
    expect(await answerTo(request('GET /things/1 HTTP/1.1'))).toMatch(
      /^HTTP\/1\.1 200 .*a thing$/s,
    );
  });
});
