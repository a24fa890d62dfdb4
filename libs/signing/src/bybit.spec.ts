import fc from 'fast-check';
import { bybitCanonical, signBybit, verifyBybit, type BybitRequest } from './bybit.js';
import { describeVerify } from './testkit/describe-verify.js';

const aRequest = (change: Partial<BybitRequest> = {}): BybitRequest => ({
  method: 'GET',
  query: 'coin=USDT',
  body: '',
  apiKey: 'key',
  timestamp: '1795149759105',
  recvWindow: '5000',
  ...change,
});

const anyPost = fc.record({
  method: fc.constant('POST'),
  query: fc.webQueryParameters(),
  body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  apiKey: fc.string(),
  timestamp: fc.nat().map(String),
  recvWindow: fc.nat().map(String),
});

const text = (request: BybitRequest): string => Buffer.from(bybitCanonical(request)).toString();

describe('bybitCanonical', () => {
  it('is plain concatenation: time, key, window, payload', () => {
    expect(text(aRequest())).toBe('1795149759105key5000coin=USDT');
  });

  it.each(['cursor=a%3D%3D', 'cursor=a==', 'coin=A,B', 'b=2&a=1', 'a=%'])(
    'keeps the query %s as sent: not decoded, not sorted',
    (query) => {
      expect(text(aRequest({ query }))).toBe(`1795149759105key5000${query}`);
    },
  );

  it('signs the body of a POST and nothing of its query', () => {
    expect(text(aRequest({ method: 'post', body: '{"id": "1"}' }))).toBe(
      '1795149759105key5000{"id": "1"}',
    );
  });

  it('keeps bytes that are no text', () => {
    expect([
      ...bybitCanonical(
        aRequest({
          method: 'POST',
          timestamp: '',
          apiKey: '',
          recvWindow: '',
          body: Uint8Array.of(0xff, 0),
        }),
      ),
    ]).toEqual([255, 0]);
  });
});

describeVerify('verifyBybit', {
  sign: signBybit,
  verify: verifyBybit,
  given: aRequest(),
  any: anyPost,
  bytes: 'body',
  changed: {
    query: aRequest({ query: 'coin=USDC' }),
    key: aRequest({ apiKey: 'kez' }),
    timestamp: aRequest({ timestamp: '1795149759106' }),
    window: aRequest({ recvWindow: '5001' }),
  },
});
