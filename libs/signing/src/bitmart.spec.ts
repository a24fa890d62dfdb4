import fc from 'fast-check';
import { signBitmart, verifyBitmart, type BitmartRequest } from './bitmart.js';
import { describeVerify } from './testkit/describe-verify.js';

const SECRET = '6c6c98544461bbe71db2bca4c6d7fd0021e0ba9efc215f9c6ad41852df9d9df9';

const aRequest = (change: Partial<BitmartRequest> = {}): BitmartRequest => ({
  timestamp: '1589793796145',
  memo: 'test001',
  content: '{"symbol":"BTC_USDT","price":"8600","count":"100"}',
  ...change,
});

const anyRequest = fc.record({
  timestamp: fc.nat().map(String),
  memo: fc.string({ unit: 'grapheme' }),
  content: fc.uint8Array({ minLength: 1, maxLength: 200 }),
});

describe('signBitmart', () => {
  it('signs the example of the manual to the published value', () => {
    expect(signBitmart(SECRET, aRequest())).toBe(
      'c31dc326bf87f38bfb49a3f8494961abfa291bd549d0d98d9578e87516cee46d',
    );
  });

  it('takes text as its UTF-8 bytes', () => {
    const content = '{"destination":"Auszahlung für Müller"}';

    expect(signBitmart('geheim-schlüssel', aRequest({ content }))).toBe(
      signBitmart('geheim-schlüssel', aRequest({ content: new TextEncoder().encode(content) })),
    );
  });
});

describeVerify('verifyBitmart', {
  sign: signBitmart,
  verify: verifyBitmart,
  given: aRequest(),
  any: anyRequest,
  bytes: 'content',
  changed: {
    timestamp: aRequest({ timestamp: '1589793796146' }),
    memo: aRequest({ memo: 'test002' }),
    'spacing of the body': aRequest({
      content: '{"symbol": "BTC_USDT","price":"8600","count":"100"}',
    }),
    'form of a number': aRequest({ content: '{"symbol":"BTC_USDT","price":8600,"count":"100"}' }),
  },
});
