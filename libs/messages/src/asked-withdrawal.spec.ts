import fc from 'fast-check';
import { askedIn } from './asked-withdrawal.js';

const GOOD = { currency: 'usdt', network: 'Eth', to_address: '0x1', amount: '1.50' };
const ASKED = {
  currency: 'USDT',
  network: 'ETH',
  destination: { type: 'address', address: '0x1' },
  amount: '1.50',
  clientReference: null,
  venue: null,
};

describe('askedIn', () => {
  it.each<[string, object]>([
    [JSON.stringify(GOOD), ASKED],
    [`{"amount":1.50,"currency":"USDT","network":"ETH","to_address":"0x1","other":[1]}`, ASKED],
    [
      JSON.stringify({
        ...GOOD,
        to_address: null,
        destination: { type: 'address', address: '0x1', memo: '7' },
        venue: 'bybit',
        client_reference: 'r',
      }),
      {
        ...ASKED,
        destination: { type: 'address', address: '0x1', memo: '7' },
        venue: 'bybit',
        clientReference: 'r',
      },
    ],
    [
      JSON.stringify({
        ...GOOD,
        to_address: null,
        destination: { type: 'address', address: '0x1', memo: null },
        venue: 'GateIO',
        client_reference: null,
      }),
      { ...ASKED, venue: 'gateio' },
    ],
    [
      '{"amount":"1.50","currency":"USDT","network":"ETH","destination":{"type":"address","address":"0x1","memo":""}}',
      ASKED,
    ],
  ])('reads %s', (body, asked) => {
    expect(askedIn(body)).toEqual(asked);
  });

  it.each([
    '',
    'null',
    '[]',
    '"x"',
    '1',
    '{}',
    '{"amount":"1","amount":"1000","currency":"USDT","network":"ETH","to_address":"0x1"}',
    ...[
      { currency: 1 },
      { network: null },
      { amount: '1e3' },
      { amount: '-1' },
      { amount: null },
      { to_address: null },
      { destination: { type: 'address', address: '0x2' } },
      { to_address: null, destination: { type: 'cheque' } },
      { venue: 1 },
      { client_reference: {} },
    ].map((change) => JSON.stringify({ ...GOOD, ...change })),
    `{"a":${'['.repeat(100_000)}`,
  ])('finds nothing that is asked for in %.60s', (body) => {
    expect(askedIn(body)).toBeNull();
  });

  it('answers for any text and any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(() => askedIn(body)).not.toThrow();
      }),
    );
  });
});
