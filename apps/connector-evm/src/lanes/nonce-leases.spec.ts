import {
  chooseLane,
  type LaneFunds,
  MOST_WAITING,
  type WantedFunds,
  withReserved,
} from './nonce-leases.js';

const A = '0x00000000000000000000000000000000000000Aa';
const B = '0x00000000000000000000000000000000000000bb';

function lane(
  address: LaneFunds['address'],
  usdt: bigint,
  more: Partial<LaneFunds> = {},
): LaneFunds {
  const free = new Map([
    ['USDT.ETH', usdt],
    ['ETH.ETH', 100n],
  ] as const);
  return { address, accountId: null, pausedBecause: null, waiting: 0, free, ...more };
}

const WANTED: WantedFunds = {
  accountId: 'a',
  asset: 'USDT.ETH',
  amount: 10n,
  native: 'ETH.ETH',
  gas: 60n,
};

describe('which address pays', () => {
  it('is the one with the most free of the asset', () => {
    expect(chooseLane([lane(A, 20n), lane(B, 30n)], WANTED)).toMatchObject({
      lane: { address: B },
    });
  });

  it('of equals is the one with the shorter queue', () => {
    const lanes = [lane(A, 20n, { waiting: 2 }), lane(B, 20n, { waiting: 1 })];
    expect(chooseLane(lanes, WANTED)).toMatchObject({ lane: { address: B } });
  });

  it('has to have the gas as well, and what it has taken on counts', () => {
    const busy = withReserved(lane(A, 100n), WANTED);

    expect(chooseLane([busy, lane(B, 20n)], WANTED)).toMatchObject({ lane: { address: B } });
    expect(chooseLane([busy], WANTED)).toEqual({
      kind: 'none',
      cause: 'no address has enough USDT.ETH and gas free',
    });
  });

  it('of the native coin has to have amount and gas together', () => {
    const coin = { ...WANTED, asset: 'ETH.ETH', amount: 41n } as const;
    expect(chooseLane([lane(A, 0n)], coin).kind).toBe('none');
    expect(chooseLane([lane(A, 0n)], { ...coin, amount: 40n }).kind).toBe('lane');
  });

  it('is the account’s own where it has one, and nobody else’s', () => {
    const lanes = [
      lane(A, 90n, { accountId: 'b' }),
      lane(B, 20n),
      lane(A, 15n, { accountId: 'a' }),
    ];
    expect(chooseLane(lanes, WANTED)).toMatchObject({ lane: { accountId: 'a' } });
    expect(chooseLane(lanes, { ...WANTED, accountId: 'c' })).toMatchObject({
      lane: { address: B },
    });
  });

  it.each([
    [
      'paused',
      lane(A, 20n, { pausedBecause: 'its key is used elsewhere' }),
      'paused: its key is used elsewhere',
    ],
    [
      'full',
      lane(A, 20n, { waiting: MOST_WAITING }),
      'every address has as many transactions waiting as nodes keep',
    ],
  ])('is none that is %s', (_name, only, cause) => {
    expect(chooseLane([only], WANTED)).toEqual({ kind: 'none', cause });
  });
});
