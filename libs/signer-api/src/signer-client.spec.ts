import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGNER_REFUSALS, SignerClient, type SignerRefusal } from './signer-client.js';
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

type Reply = readonly [status: number, body: object | string];

/** What the next request is answered with, and what it was. */
let next: Reply | ((path: string, body: string) => Reply);
let asked: { readonly path: string; readonly body: string };
let server: Server;
let signer: SignerClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked = { path: `${request.method} ${request.url}`, body };
      const [status, answer] = typeof next === 'function' ? next(request.url ?? '', body) : next;
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

describe('the client of the signer, for a batch', () => {
  const requests = Array.from({ length: 3 }, (_one, nonce) => ({ ...REQUEST, nonce: `${nonce}` }));
  const answers = (...items: readonly object[]) =>
    [200, { success: true, message: 'OK', data: items, data_count: items.length }] as const;
  const signedItem = (index: number) => ({
    index,
    status_code: 200,
    message: 'OK',
    data: { raw: `0x02a${index}`, hash: `0xb${index}` },
  });
  const refusedItem = (index: number, [status_code, message]: readonly [number, string]) => ({
    index,
    status_code,
    message,
    data: null,
  });
  const freshSigner = () =>
    new SignerClient({
      service: 'signer',
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: () => 'hush',
    });

  it('brings all requests at once with one permit, and gives an outcome for each', async () => {
    const { receipt_wrong: wrong, hour_is_full: full } = SIGNER_REFUSALS;
    next = answers(signedItem(0), refusedItem(1, wrong), refusedItem(2, full));

    expect(await signer.signAll(requests, 'permit')).toEqual([
      { kind: 'signed', raw: '0x02a0', hash: '0xb0' },
      { kind: 'refused', refusal: 'receipt_wrong', message: wrong[1] },
      { kind: 'not_now', message: full[1] },
    ]);
    expect(asked.path).toBe('POST /internal/signatures/batch');
    expect(JSON.parse(asked.body)).toEqual({ requests, permit: 'permit' });
  });

  it('takes a malformed item for refused, and a fault of an item for not now', async () => {
    const malformed = [422, 'nonce: Field required'] as const;
    next = answers(
      refusedItem(0, malformed),
      refusedItem(1, [503, 'Service temporarily unavailable']),
      refusedItem(2, [500, 'Internal server error']),
    );

    expect(await signer.signAll(requests, null)).toMatchObject([
      { kind: 'refused', refusal: null, message: malformed[1] },
      { kind: 'not_now' },
      { kind: 'not_now' },
    ]);
  });

  it.each<[string, readonly object[]]>([
    ['out of place', [signedItem(1), signedItem(0), signedItem(2)]],
    ['twice', [signedItem(0), signedItem(0), signedItem(2)]],
    ['too few', [signedItem(0), signedItem(1)]],
    ['too many', [0, 1, 2, 3].map(signedItem)],
  ])('uses no answer that comes %s', async (_what, items) => {
    next = answers(...items);
    const outcomes = await signer.signAll(requests, null);

    expect(outcomes).toHaveLength(3);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'not_now' });
  });

  it.each([401, 403, 404, 409, 429, 500, 502, 503])(
    'with the status %s is decided about no request',
    async (status) => {
      next = refusing(status, 'The service x may not call this');
      const outcomes = await signer.signAll(requests, null);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'not_now' });
    },
  );

  it.each([413, 422])('with the status %s is sent again singly', async (status) => {
    const paths: string[] = [];
    next = (path) => {
      paths.push(path);
      return path.endsWith('/batch')
        ? refusing(status, 'Not found')
        : [200, { success: true, message: 'OK', data: { raw: '0x02aa', hash: '0xbb' } }];
    };
    const client = freshSigner();
    const outcomes = await client.signAll(requests, null);

    expect(outcomes).toEqual(requests.map(() => ({ kind: 'signed', raw: '0x02aa', hash: '0xbb' })));
    expect(paths.filter((path) => path.endsWith('/batch'))).toHaveLength(1);
  });

  it('of one request is a single request, with the permit for a payment only', async () => {
    next = [200, { success: true, message: 'OK', data: { raw: '0x02aa', hash: '0xbb' } }];
    await signer.signAll([REQUEST], 'permit');
    expect(asked.path).toBe('POST /internal/signatures');
    expect(JSON.parse(asked.body)).toEqual(REQUEST);

    await signer.signAll([{ ...REQUEST, kind: 'payment' }], 'permit');
    expect(JSON.parse(asked.body)).toMatchObject({ kind: 'payment', permit: 'permit' });
    expect(await signer.signAll([], 'permit')).toEqual([]);
  });

  it('above the limit of the signer is sent in parts, and the outcomes keep their order', async () => {
    const sizes: number[] = [];
    next = (_path, body) => {
      const { requests: part } = JSON.parse(body) as { requests: { nonce: string }[] };
      sizes.push(part.length);
      return answers(
        ...part.map(({ nonce }, index) => ({
          ...signedItem(index),
          data: { raw: '0x02', hash: nonce },
        })),
      );
    };
    const many = Array.from({ length: 205 }, (_one, nonce) => ({ ...REQUEST, nonce: `${nonce}` }));
    const outcomes = await signer.signAll(many, null);

    expect(outcomes.map((one) => one.kind === 'signed' && one.hash)).toEqual(
      many.map(({ nonce }) => nonce),
    );
    expect(sizes.toSorted((a, b) => a - b)).toEqual([5, 100, 100]);
  });
});
