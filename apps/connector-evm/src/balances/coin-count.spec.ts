import fc from 'fast-check';
import { type CoinsAt, countCoins, type CountedCoins } from './coin-count.js';

const HOT = '0x00000000000000000000000000000000000000aa';
const TANK = '0x00000000000000000000000000000000000000bb';
const coins = (units: bigint, address: CoinsAt['address'] = HOT, asset = 'ETH.ETH') => ({
  address,
  asset,
  units,
});
const counted = (units: bigint, arrivals: number): CountedCoins => ({ ...coins(units), arrivals });

describe('what has come to our addresses', () => {
  it('is at first all that is there, and what has left since the chain began', () => {
    expect(countCoins([coins(70n)], [], [coins(30n)])).toEqual({
      counted: [counted(70n, 1)],
      arrivals: [{ ...coins(100n), number: 1 }],
    });
  });

  it('is nothing where what is there is what should be', () => {
    expect(countCoins([coins(60n)], [counted(100n, 1)], [coins(40n)])).toEqual({
      counted: [counted(60n, 1)],
      arrivals: [],
    });
    expect(countCoins([coins(0n)], [], [])).toEqual({ counted: [counted(0n, 0)], arrivals: [] });
  });

  it('is what is more, with the next number', () => {
    expect(countCoins([coins(105n)], [counted(100n, 3)], []).arrivals).toEqual([
      { ...coins(5n), number: 4 },
    ]);
  });

  it('is not what we have sent from one address of ours to another', () => {
    const known = [counted(10n, 1), { ...coins(50n, TANK), arrivals: 1 }];
    const moved = [coins(-8n), coins(9n, TANK)];

    expect(countCoins([coins(18n), coins(41n, TANK)], known, moved).arrivals).toEqual([]);
  });

  it('begins only when what is missing is made up for', () => {
    const { counted: short, arrivals } = countCoins([coins(90n)], [counted(100n, 1)], []);
    expect([short, arrivals]).toEqual([[counted(100n, 1)], []]);
    expect(countCoins([coins(101n)], short, []).arrivals).toEqual([{ ...coins(1n), number: 2 }]);
  });

  it('adds up, whatever came and left in between', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.bigInt(0n, 99n), fc.bigInt(0n, 99n))), (steps) => {
        let known: readonly CountedCoins[] = [];
        let there = 0n;
        let came = 0n;
        let reported = 0n;
        for (const [arrives, leaves] of steps) {
          const left = leaves < there + arrives ? leaves : there + arrives;
          there += arrives - left;
          came += arrives;
          const next = countCoins([coins(there)], known, [coins(left)]);
          known = next.counted;
          reported += next.arrivals.reduce((sum, { units }) => sum + units, 0n);
        }
        expect(reported).toBe(came);
      }),
    ));
});
