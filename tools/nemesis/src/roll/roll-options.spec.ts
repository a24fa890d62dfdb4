import { randomOf, SIMULATED_SERVICES } from '@sluice/stack';
import { anyOrder } from './roll.js';
import { readRollOptions } from './roll-options.js';

const read = (...args: string[]) => readRollOptions(args, () => 7);

describe('readRollOptions', () => {
  it('by default rolls every service at 100 per second and compares with a quiet minute', () => {
    expect(read()).toMatchObject({
      perSecond: 100,
      quietMs: 60_000,
      mixedMs: 20_000,
      seed: 7,
      services: SIMULATED_SERVICES,
    });
    expect(read('--rate', '5', '--services', 'ledger', '--from', 'v1')).toMatchObject({
      perSecond: 5,
      services: ['ledger'],
      from: 'v1',
    });
  });

  it.each([
    [['--rate', '0'], '--rate must be a number above 0, not 0'],
    [['--services', 'ledgre'], '--services knows no ledgre; there are intake-api, ledger, '],
  ])('refuses %s', (args, says) => expect(() => read(...args)).toThrow(says));
});

describe('anyOrder', () => {
  it('has both instances of each service, one after the other, in the order of the seed', () => {
    const order = anyOrder(SIMULATED_SERVICES, randomOf(1));
    expect([...order].sort()).toEqual(
      SIMULATED_SERVICES.flatMap((one) => [`${one}.1`, `${one}.2`]).sort(),
    );
    expect(order.filter((_, at) => at % 2 === 0).every((one) => one.endsWith('.1'))).toBe(true);
    expect(anyOrder(SIMULATED_SERVICES, randomOf(1))).toEqual(order);
  });
});
