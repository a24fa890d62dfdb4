import fc from 'fast-check';
import { gateioCanonical, signGateio, verifyGateio, type GateioRequest } from './gateio.js';

const SECRET = 'gate-secret';
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

describe('verifyGateio', () => {
  it('accepts what signGateio signed', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        expect(verifyGateio(SECRET, request, signGateio(SECRET, request))).toBe(true);
      }),
    );
  });

  it('refuses a body with any one bit changed', () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(), fc.nat(7), (request, at, bit) => {
        const body = request.body.map((byte, index) =>
          index === at % request.body.length ? byte ^ (1 << bit) : byte,
        );

        expect(verifyGateio(SECRET, { ...request, body }, signGateio(SECRET, request))).toBe(false);
      }),
    );
  });

  it.each([
    ['method', aRequest({ method: 'DELETE' })],
    ['path', aRequest({ path: '/api/v4/wallet/withdrawal' })],
    ['query', aRequest({ query: 'limit=1' })],
    ['timestamp', aRequest({ timestamp: '1795149758.95' })],
  ])('refuses a changed %s', (_part, changed) => {
    expect(verifyGateio(SECRET, changed, signGateio(SECRET, aRequest()))).toBe(false);
  });

  it('refuses another secret, an upper-case copy and a signature of another length', () => {
    const signature = signGateio(SECRET, aRequest());

    expect(verifyGateio('other', aRequest(), signature)).toBe(false);
    expect(verifyGateio(SECRET, aRequest(), signature.toUpperCase())).toBe(false);
    expect(verifyGateio(SECRET, aRequest(), signature.slice(1))).toBe(false);
    expect(verifyGateio(SECRET, aRequest(), '')).toBe(false);
  });

  it.each(['a=%', 'a=%2', 'a=%zz', 'a=%FF', 'a=%C3%28'])(
    'answers false, without throwing, for the malformed query %s',
    (query) => {
      expect(verifyGateio(SECRET, aRequest({ query }), 'f'.repeat(128))).toBe(false);
      expect(() => signGateio(SECRET, aRequest({ query }))).toThrow(URIError);
    },
  );
});
