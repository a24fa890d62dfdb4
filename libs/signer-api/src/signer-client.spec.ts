import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGNER_REFUSALS, type SignerRefusal } from './signer-refusals.js';
import { SignerClient } from './signer-client.js';
import type { SignatureRequestDto } from './signature.dto.js';

const REQUEST: SignatureRequestDto = {
  kind: 'void',
  network: 'ETH',
  nonce: '7',
  from: `0x${'11'.repeat(20)}`,
  gas_limit: '21000',
  max_fee_per_gas: '2',
  max_priority_fee_per_gas: '1',
};

/** What the next request is answered with, and what it was. */
let next: readonly [status: number, body: object | string];
let asked: { readonly path: string; readonly body: string };
let server: Server;
let signer: SignerClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked = { path: `${request.method} ${request.url}`, body };
      const [status, answer] = next;
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  signer = new SignerClient({
    service: 'signer',
    baseUrl: `http://127.0.0.1:${port}`,
    token: () => 'hush',
  });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const refusing = (status: number, message: string) =>
  [status, { success: false, message }] as const;

describe('the client of the signer', () => {
  it('brings the request as it is, and gives the transaction and its hash', async () => {
    next = [200, { success: true, message: 'OK', data: { raw: '0x02aa', hash: '0xbb' } }];

    expect(await signer.sign(REQUEST)).toEqual({ kind: 'signed', raw: '0x02aa', hash: '0xbb' });

    expect(asked.path).toBe('POST /internal/signatures');
    expect(JSON.parse(asked.body)).toEqual(REQUEST);
  });

  const passing: readonly SignerRefusal[] = [
    'hour_is_full',
    'gas_hour_is_full',
    'nonce_too_high',
    'records_altered',
    'not_permitted',
  ];
  it.each(Object.keys(SIGNER_REFUSALS) as SignerRefusal[])(
    'knows %s by its words',
    async (refusal) => {
      const [status, message] = SIGNER_REFUSALS[refusal];
      next = refusing(status, message);

      expect(await signer.sign(REQUEST)).toEqual(
        passing.includes(refusal)
          ? { kind: 'not_now', message }
          : { kind: 'refused', refusal, message },
      );
    },
  );

  it('takes a request of the wrong form for refused', async () => {
    next = refusing(422, 'nonce: Field required');
    expect(await signer.sign(REQUEST)).toEqual({
      kind: 'refused',
      refusal: null,
      message: 'nonce: Field required',
    });
  });

  it.each<[string, readonly [number, object | string]]>([
    ['a credential that it does not know', refusing(401, 'The token is not known')],
    ['a caller that it does not serve', refusing(403, 'The service x may not call this')],
    ['a fault', refusing(500, 'Internal server error')],
    ['a start', refusing(503, 'Service temporarily unavailable')],
    ['a proxy', [502, '<html>']],
    ['an answer that nobody can read', [200, 'ok']],
  ])(
    'treats %s as temporarily unavailable: the outcome of the withdrawal is open',
    async (_what, answer) => {
      next = answer;
      expect(await signer.sign(REQUEST)).toMatchObject({ kind: 'not_now' });
    },
  );

  it('takes silence for not now', async () => {
    const nobody = new SignerClient({
      service: 'signer',
      baseUrl: 'http://127.0.0.1:1',
      token: () => '',
    });
    expect(await nobody.sign(REQUEST)).toMatchObject({ kind: 'not_now' });
  });
});
