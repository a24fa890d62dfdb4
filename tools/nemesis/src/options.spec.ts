import { readOptions } from './options.js';
import { SCENARIO_NAMES } from './scenarios/names.js';
import { FAULT_GROUPS } from './schedule/fault.js';

const read = (...args: string[]) => readOptions(args, () => 42);

describe('the command line', () => {
  it('by default draws a seed and injects every group of faults', () => {
    expect(read()).toMatchObject({
      seeds: [42],
      minutes: 3,
      perSecond: 10,
      groups: FAULT_GROUPS,
      scenarios: [],
      without: [],
    });
  });

  it('takes seed, minutes, rate and faults', () => {
    expect(
      read('--seed', '7', '--minutes', '0.5', '--rate', '20', '--faults', 'freeze,kill'),
    ).toMatchObject({
      seeds: [7],
      minutes: 0.5,
      perSecond: 20,
      groups: ['kill', 'freeze'],
    });
  });

  it('takes several seeds', () => {
    expect(read('--seed', '8..10').seeds).toEqual([8, 9, 10]);
    expect(() => read('--seed', '10..8')).toThrow('not 10..8');
  });

  it.each([
    [['--faults', 'kil'], '--faults knows no kil; there are kill, freeze'],
    [['--faults', ''], '--faults knows no empty list'],
    [['--seed', 'x'], '--seed must be a whole number or a range (1..10), not x'],
    [['--minutes', '0'], '--minutes must be a number above 0, not 0'],
    [['--scenario', 'late'], '--scenario knows no late; there are clock-slow-2min'],
  ])('explains the error in %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  it('knows all scenarios by one word', () => {
    expect(read('--scenario', 'all').scenarios).toEqual(SCENARIO_NAMES);
  });
});
