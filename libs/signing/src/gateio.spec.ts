import fc from 'fast-check';
import { gateioCanonical, signGateio, verifyGateio, type GateioRequest } from './gateio.js';
import { describeVerify } from './testkit/describe-verify.js';

const EMPTY_BODY_HASH =
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e';

const aRequest = (change: Partial<GateioRequest> = {}): GateioRequest => ({
  method: 'GET',
  path: '/api/v4/wallet/withdrawals',
  query: '',
  body: '',
  timestamp: '1795149758.959',
  ...change,
});

const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  path: fc.webPath(),
  query: fc.webQueryParameters(),
  body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  timestamp: fc.nat().map(String),
});

describe('gateioCanonical', () => {
  it('keeps the empty line of a request without query', () => {
    expect(gateioCanonical(aRequest())).toBe(
      `GET\n/api/v4/wallet/withdrawals\n\n${EMPTY_BODY_HASH}\n1795149758.959`,
    );
  });

  it('decodes the query: plus is a space, percent-encoding is UTF-8, an encoded plus stays a plus', () => {
    expect(gateioCanonical(aRequest({ query: 'a=x+y%20z%2B1&b=%D0%B7' }))).toContain(
      '\na=x y z+1&b=з\n',
    );
  });

  it('writes the method in upper case', () => {
    expect(gateioCanonical(aRequest({ method: 'post' }))).toMatch(/^POST\n/);
  });
});

describeVerify('verifyGateio', {
  sign: signGateio,
  verify: verifyGateio,
  given: aRequest(),
  any: anyRequest,
  bytes: 'body',
  changed: {
    method: aRequest({ method: 'DELETE' }),
    path: aRequest({ path: '/api/v4/wallet/withdrawal' }),
    query: aRequest({ query: 'limit=1' }),
    timestamp: aRequest({ timestamp: '1795149758.95' }),
  },
});
