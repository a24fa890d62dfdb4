import { changedCoins, checkCoins, coinsFault, type SimulatedChain, type Coin } from './coins.js';

interface NamedChain extends SimulatedChain {
  readonly name: string;
}

const ETH: NamedChain = {
  chain: 'ETH',
  name: 'Ethereum',
  contract: '0xdac1',
  decimals: 6,
  fee: '1',
  minimum: '2',
  hasTag: false,
  address: /^0x/,
  closed: false,
};
const OWN: ReadonlyMap<string, Coin<NamedChain>> = new Map([
  ['USDT', { name: 'Tether', usd: '1', chains: [ETH, { ...ETH, chain: 'TRX', name: 'Tron' }] }],
]);

function givenCoins() {
  return changedCoins<NamedChain, Coin<NamedChain>>(OWN, {
    coin: (_symbol, coin) => coin,
    chain: (_symbol, chain) => ({ ...chain, name: chain.chain }),
  });
}

describe('the setting coins', () => {
  it('closes and prices a chain, and leaves everything else', () => {
    const coins = givenCoins()({ USDT: { chains: { ETH: { fee: '3.5', closed: true } } } });

    expect(coins.get('USDT')).toEqual({
      name: 'Tether',
      usd: '1',
      chains: [
        { ...ETH, fee: '3.5', closed: true },
        { ...ETH, chain: 'TRX', name: 'Tron' },
      ],
    });
    expect(givenCoins()({})).toEqual(OWN);
  });

  it('closes a coin on each chain without a setting of its own', () => {
    const coins = givenCoins()({ USDT: { closed: true, chains: { TRX: { closed: false } } } });

    expect(coins.get('USDT')?.chains.map(({ chain, closed }) => [chain, closed])).toEqual([
      ['ETH', true],
      ['TRX', false],
    ]);
  });

  it('adds a coin with its chain, by default without a fee and for any address', () => {
    const coins = givenCoins()({
      DOGE: { usd: '0.3', chains: { DOGE: { address_like: '^D', has_tag: true } } },
    });

    expect(coins.get('DOGE')).toEqual({
      name: 'DOGE',
      usd: '0.3',
      chains: [
        expect.objectContaining({
          chain: 'DOGE',
          name: 'DOGE',
          fee: '0',
          decimals: 8,
          address: /^D/,
          hasTag: true,
        }),
      ],
    });
  });

  it('is worked out once while it stays the same', () => {
    const coinsOf = givenCoins();
    const changes = { DOGE: { chains: { DOGE: {} } } };

    expect(coinsOf(changes)).toBe(coinsOf(changes));
    expect(coinsOf({ ...changes })).not.toBe(coinsOf(changes));
  });

  it.each([
    [{ doge: {} }, 'coins cannot have doge; names are like ^[A-Z0-9]{1,16}$'],
    [{ DOGE: { price: '1' } }, 'coins.DOGE has no price; known: name, usd, closed, chains'],
    [
      { DOGE: { chains: { DOGE: { fee: 1 } } } },
      'coins.DOGE.chains.DOGE.fee has to be text like ^[0-9]{1,12}(\\.[0-9]{1,18})?$',
    ],
    [
      { DOGE: { chains: { DOGE: { address_like: '(' } } } },
      'coins.DOGE.chains.DOGE.address_like has to be a regular expression',
    ],
  ])('refuses %j with a reason', (changes, why) => {
    expect(checkCoins(changes, 'coins')).toBe(why);
  });

  it('refuses a coin without a chain, and a balance without a coin', () => {
    expect(coinsFault(givenCoins()({ DOGE: {} }), {})).toBe(
      'settings.coins.DOGE is new and needs a chain',
    );
    expect(coinsFault(OWN, { DOGE: '1' })).toBe(
      'settings.balances cannot have DOGE: there is no such coin; known: USDT',
    );
    expect(coinsFault(OWN, { USDT: '1' })).toBeNull();
  });
});
