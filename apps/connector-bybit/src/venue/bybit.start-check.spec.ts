import { keyRightsIn } from './bybit.start-check.js';

const RIGHT = {
  readOnly: 0,
  isMaster: true,
  ips: ['192.0.2.7'],
  permissions: { Wallet: ['Withdraw'], Spot: [] },
  expiredAt: '0001-01-01T00:00:00Z',
};

describe('the rights of our key at Bybit', () => {
  it('is right where it may withdraw, from our addresses, and nothing else', () => {
    expect(keyRightsIn(RIGHT)).toEqual({
      kind: 'rights',
      lacks: [],
      surplus: [],
      isOpenToAll: false,
      endsAt: null,
      untold: null,
    });
  });

  it.each([
    ['Wallet: Withdraw', { permissions: { Wallet: ['AccountTransfer'] } }],
    ['the right to write (readOnly is 1)', { readOnly: 1 }],
    ['that it is of the master account (isMaster)', { isMaster: false }],
  ])('lacks %s', (lack, change) => {
    expect(keyRightsIn({ ...RIGHT, ...change })).toMatchObject({ lacks: [lack] });
  });

  it('may more than it has to, from anywhere, and ends', () => {
    expect(
      keyRightsIn({
        ...RIGHT,
        permissions: { Wallet: ['Withdraw', 'AccountTransfer'], Spot: ['SpotTrade'] },
        ips: ['*'],
        expiredAt: '2026-12-01T00:00:00Z',
      }),
    ).toMatchObject({
      surplus: ['Wallet: AccountTransfer', 'Spot: SpotTrade'],
      isOpenToAll: true,
      endsAt: new Date('2026-12-01T00:00:00Z'),
    });
  });
});
