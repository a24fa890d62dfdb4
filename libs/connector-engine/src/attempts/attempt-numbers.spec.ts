import { AttemptNumbers, type Numbering } from './attempt-numbers.js';

const DAY_MS = 86_400_000;

describe('the numbers of the attempts', () => {
  let now = 0;
  let numbers: AttemptNumbers;
  beforeEach(() => {
    now = 0;
    numbers = new AttemptNumbers(() => now);
  });
  const fault = (change: Partial<Numbering>, generation = 0): string | null => {
    const known = numbers.known(generation);
    return numbers.fault({ last: 10, sweptTo: 0, missing: [], ...change }, known)?.subject ?? null;
  };

  it('only rise, until the database is replaced', () => {
    expect(fault({ last: 10 })).toBeNull();
    numbers.committed(12);

    expect(fault({ last: 11 })).toBe('last 11');
    expect(fault({ last: 11 }, 1)).toBeNull();
  });

  it('are compared with the number known before the statement: another worker may have claimed since', () => {
    const known = numbers.known(0);
    numbers.committed(12);

    expect(numbers.fault({ last: 11, sweptTo: 0, missing: [] }, known)).toBeNull();
  });

  it('have no gap, until people accept the gap by lifting its halt', () => {
    expect(fault({ missing: [4, 5, 7] })).toBe('missing 4 to 7');
    numbers.reported([4, 5, 7]);

    expect(fault({ missing: [4, 5, 7] })).toBeNull();
    expect(fault({ missing: [4, 5, 7, 9] })).toBe('missing 9 to 9');
  });

  it('are removed only if older than a day', () => {
    expect([fault({ last: 10 }), fault({ last: 30, sweptTo: 10 })]).toEqual([null, null]);
    expect(fault({ last: 30, sweptTo: 11 })).toBe('removed 11');

    now = DAY_MS;
    fault({ last: 30, sweptTo: 10 });
    now = 2 * DAY_MS;
    expect(fault({ last: 40, sweptTo: 10 })).toBeNull();
    expect([fault({ last: 50, sweptTo: 30 }), fault({ last: 50, sweptTo: 31 })]).toEqual([
      null,
      'removed 31',
    ]);
  });

  it('need their counter', () => {
    expect(numbers.fault(null, 0)?.subject).toBe('counter');
  });
});
