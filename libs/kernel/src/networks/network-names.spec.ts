import { networkNamed } from './network-names.js';

describe('networkNamed', () => {
  it.each([
    ['TRX', 'TRX'],
    ['trx', 'TRX'],
    ['TRC20', 'TRX'],
    ['trc-20', 'TRX'],
    ['Tron', 'TRX'],
    ['Tron (TRC20)', 'TRX'],
    ['TRON[TRC20]', 'TRX'],
    ['bep20', 'BSC'],
    ['BSC_BNB', 'BSC'],
    ['BNB Smart Chain', 'BSC'],
    ['BSC (BEP20)', 'BSC'],
    ['erc20', 'ETH'],
    ['Ethereum', 'ETH'],
    ['Arbitrum One', 'ARB'],
    ['ARBEVM', 'ARB'],
    ['CAVAX', 'AVAX'],
    ['matic', 'POLYGON'],
    [' solana ', 'SOL'],
  ])('%s is %s', (name, network) => expect(networkNamed(name)).toBe(network));

  it.each(['', 'BNB', 'BEP2', 'OMNI', 'NEW', 'toString', '__proto__', 'ETH (TRC20)', 'ETH (NEW)'])(
    '"%s" is no name of a known network',
    (name) => expect(networkNamed(name)).toBeNull(),
  );

  it('gives each name to one network', () => {
    for (const name of ['eth', 'etc', 'opbnb', 'ltc', 'doge', 'xrp', 'xlm', 'ton', 'atom', 'celo'])
      expect(networkNamed(name)).toBe(name.toUpperCase());
  });
});
