import { haltedFilter } from './halted-filter.js';

describe('what waits behind a halt', () => {
  it.each([
    ['connector-gateio', { scope: 'all', target: null }, { venue: 'gateio' }],
    ['intake-api', { scope: 'all', target: null }, {}],
    ['intake-api', { scope: 'venue', target: 'bybit' }, { venue: 'bybit' }],
    [
      'connector-evm',
      { scope: 'asset', target: 'USDT.ETH' },
      { venue: 'wallet', currency: 'USDT', network: 'ETH' },
    ],
    ['intake-api', { scope: 'account', target: 'a' }, { account_id: 'a' }],
    ['intake-api', { scope: 'key', target: 'k' }, {}],
  ] as const)('%s %j', (service, halt, filter) =>
    expect(haltedFilter(service, halt)).toEqual(filter),
  );
});
