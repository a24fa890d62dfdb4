import { getAddress } from 'viem';
import { compareCoins, type ComparedBlocks, type StoredCoins } from './compare-coins.js';

const HOT = getAddress(`0x${'11'.repeat(20)}`);
const WATCHED = [{ address: HOT, asset: 'USDT.ETH', token: HOT, decimals: 6 }] as const;
const OF = { address: HOT, asset: 'USDT.ETH' };
const [BEFORE, AT] = [new Date('2026-11-26T11:59:00Z'), new Date('2026-11-26T12:00:00Z')];

const stored = (change: Partial<StoredCoins> = {}): StoredCoins => ({
  ...OF,
  opening: '50',
  opening_block: '1',
  total: '100.5',
  block_number: '10',
  block_at: BEFORE,
  sent: '0',
  received: '0',
  gas: '0',
  risen: '4',
  counted_to: '10',
  ...change,
});
const blocks = (units: bigint | null, change: Partial<ComparedBlocks> = {}): ComparedBlocks => ({
  before: 10n,
  block: 20n,
  at: AT,
  moved: [],
  coins: units === null ? [] : [{ ...OF, units }],
  ...change,
});
const MOVED = [{ ...OF, sent: 3_000_000n, received: 1_000_000n, gas: 500_000n }];

describe('the comparison of coins', () => {
  it('begins with the first coins that are read', () => {
    expect(compareCoins(WATCHED, [], blocks(null))).toEqual({ kept: [], missing: [] });
    expect(compareCoins(WATCHED, [], blocks(7n, { before: null, moved: MOVED }))).toEqual({
      kept: [
        {
          ...stored({ opening: '0.000007', opening_block: '20', total: '0.000007', risen: '0' }),
          block_number: '20',
          block_at: AT,
          counted_to: '20',
        },
      ],
      missing: [],
    });
  });

  it('begins anew after a gap in the counted blocks', () => {
    const gap = stored({ counted_to: '9' });

    expect(compareCoins(WATCHED, [gap], blocks(1n))).toMatchObject({
      kept: [{ opening: '0.000001', opening_block: '20' }],
      missing: [],
    });
    expect(compareCoins(WATCHED, [gap], blocks(null))).toEqual({ kept: [], missing: [] });
  });

  it('agrees where the rest is what was left', () => {
    expect(compareCoins(WATCHED, [stored()], blocks(98_000_000n, { moved: MOVED }))).toEqual({
      kept: [stored({ total: '98', block_number: '20', block_at: AT, counted_to: '20' })],
      missing: [],
    });
  });

  it('takes a rise for a deposit', () => {
    expect(compareCoins(WATCHED, [stored()], blocks(100_750_000n))).toMatchObject({
      kept: [{ total: '100.75', risen: '4.25' }],
      missing: [],
    });
  });

  it('finds one missing unit, and goes on with the rest', () => {
    const compared = compareCoins(WATCHED, [stored()], blocks(97_999_999n, { moved: MOVED }));

    expect(compared).toMatchObject({
      kept: [{ total: '97.999999', sent: '0', received: '0', gas: '0', risen: '4' }],
      missing: [
        {
          expected: '98',
          total: '97.999999',
          missing: '0.000001',
          last: { total: '100.5', block_number: '10', sent: '3', received: '1', gas: '0.5' },
        },
      ],
    });
    const next = blocks(97_999_999n, { before: 20n, block: 21n });
    expect(compareCoins(WATCHED, compared.kept, next).missing).toEqual([]);
  });

  it('adds up what was moved until the coins are read', () => {
    const first = compareCoins(WATCHED, [stored()], blocks(null, { moved: MOVED }));
    expect(first.kept).toEqual([
      stored({ sent: '3', received: '1', gas: '0.5', counted_to: '20' }),
    ]);

    const next = blocks(95_500_000n, { before: 20n, block: 30n, moved: MOVED });
    expect(compareCoins(WATCHED, first.kept, next)).toMatchObject({
      kept: [{ total: '95.5', sent: '0', counted_to: '30' }],
      missing: [],
    });
  });

  it('leaves out what the settings no longer name', () => {
    expect(compareCoins([], [stored()], blocks(1n))).toEqual({ kept: [], missing: [] });
  });
});
