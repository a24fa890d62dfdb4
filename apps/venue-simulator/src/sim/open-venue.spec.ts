import { allOf, listOf, mapOf, oneOf, someOf, wholeNumber } from './check.js';
import type { SimulatedFact } from './facts.js';
import { SimulatorSettings } from './open-venue.js';

const DEFAULTS = { times: { A: 1, B: 2 }, mode: 'create', list: ['x'], balances: {} };
const check = someOf({
  times: someOf({ A: wholeNumber(0, 10), B: wholeNumber(0, 10) }),
  mode: oneOf('create', 'refuse'),
  list: listOf(oneOf('x', 'y')),
  balances: mapOf(/^[A-Z]+$/, allOf({ free: oneOf('1') })),
});

function givenSettings() {
  const settings: SimulatorSettings<typeof DEFAULTS> = new SimulatorSettings(
    DEFAULTS,
    check,
    (fact: SimulatedFact) => settings.apply(fact),
  );
  return settings;
}

describe('Settings', () => {
  it('merges objects and replaces everything else', () => {
    const settings = givenSettings();
    settings.change({ times: { B: 7 }, list: [] }, 0);

    expect(settings.current).toEqual({
      times: { A: 1, B: 7 },
      mode: 'create',
      list: [],
      balances: {},
    });
  });

  it('goes back to the defaults on a reset', () => {
    const settings = givenSettings();
    settings.change({ mode: 'refuse', times: { A: 9 } }, 0);
    settings.apply({ t: 'reset' });

    expect(settings.current).toEqual({
      times: { A: 1, B: 2 },
      mode: 'create',
      list: ['x'],
      balances: {},
    });
  });

  it.each([
    [[], 'settings has to be an object'],
    [{ other: 1 }, 'settings has no other; known: times, mode, list, balances'],
    [{ toString: 1 }, 'settings has no toString; known: times, mode, list, balances'],
    [{ times: { A: -1 } }, 'settings.times.A has to be a whole number from 0 to 10'],
    [{ times: { A: 1.5 } }, 'settings.times.A has to be a whole number from 0 to 10'],
    [{ mode: 'x' }, 'settings.mode has to be one of: create, refuse'],
    [{ list: ['x', 'z'] }, 'settings.list[1] has to be one of: x, y'],
    [{ list: 'x' }, 'settings.list has to be a list'],
    [{ balances: { usd: {} } }, 'settings.balances cannot have usd; names are like ^[A-Z]+$'],
    [{ balances: { USD: {} } }, 'settings.balances.USD.free is missing'],
    [{ mode: 'refuse', times: 1 }, 'settings.times has to be an object'],
  ])('refuses all of %j with a reason', (patch, why) => {
    const settings = givenSettings();

    expect(settings.change(patch, 0)).toEqual({ ok: false, refusal: why });
    expect(settings.current).toBe(DEFAULTS);
  });
});
