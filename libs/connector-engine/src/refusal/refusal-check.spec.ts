import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { type FastRelease, withinExposure } from './refusal-check.js';

const eur = (value: string | number): Amount => Amount.of(String(value), 'EUR.-');
const wish = (withdrawalId: string, worth: string | null): FastRelease => ({
  withdrawalId,
  worthEur: worth === null ? null : eur(worth),
});

describe('the exposure of fast fail-over', () => {
  it('is reached exactly, and not passed by the smallest unit', () => {
    const wanted = [wish('a', '6000'), wish('b', '4000'), wish('c', '0.000000000000000001')];

    expect([...withinExposure(eur(10_000), eur(0), wanted).keys()]).toEqual(['a', 'b']);
  });

  it('counts what was released before; a smaller order may still fit behind one that does not', () => {
    const wanted = [wish('a', '2000'), wish('b', '900'), wish('c', '200')];

    expect([...withinExposure(eur(10_000), eur(9_000), wanted).keys()]).toEqual(['b']);
  });

  it('never covers an asset without a price, and covers nothing when it is 0', () => {
    expect(withinExposure(eur(10_000), eur(0), [wish('a', null)]).size).toBe(0);
    expect(withinExposure(eur(0), eur(0), [wish('a', '0'), wish('b', '1')]).size).toBe(0);
  });

  it('holds for any orders: the sum stays within the limit, whatever was counted', () =>
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 9_000 }))),
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        (worths, limit, counted) => {
          const wanted = worths.map((worth, n) => wish(`${n}`, worth?.toString() ?? null));
          const sum = [...withinExposure(eur(limit), eur(counted), wanted).values()].reduce(
            (total, worth) => total.plus(worth),
            eur(counted),
          );

          expect(sum.equals(eur(counted)) || !eur(limit).lessThan(sum)).toBe(true);
        },
      ),
    ));
});
