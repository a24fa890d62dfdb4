import { RateLeases, reservedAhead } from './admission.js';

describe('a reservation ahead', () => {
  it.each([
    [1, 0],
    [49, 0],
    [600, 12],
    [1_000_000_000, 500],
  ])('for a limit of %i requests per minute has %i numbers', (rateLimit, count) => {
    expect(reservedAhead(rateLimit)).toBe(count);
  });
});

describe('RateLeases', () => {
  function givenLeases(minute: number): RateLeases {
    const leases = new RateLeases();
    leases.enter(minute);
    return leases;
  }

  it('give each reserved number once, in order, over several reservations', () => {
    const leases = givenLeases(7);
    leases.giveBack('ck_1', 7, [1, 2]);
    leases.giveBack('ck_1', 7, [13]);

    expect([leases.next('ck_1'), leases.next('ck_1'), leases.next('ck_1')]).toEqual([1, 2, 13]);
    expect(() => leases.next('ck_1')).toThrow('no request of the key ck_1 is reserved');
    expect(leases.take('ck_1', 2)).toEqual([]);
  });

  it('give the lowest numbers first, also of numbers given back', () => {
    const leases = givenLeases(7);
    leases.giveBack('ck_1', 7, [4, 5, 6]);

    const taken = leases.take('ck_1', 2);
    leases.giveBack('ck_1', 7, [9]);
    leases.giveBack('ck_1', 7, taken);

    expect(leases.take('ck_1', 9)).toEqual([4, 5, 6, 9]);
  });

  it('give no number above the limit for a later count', () => {
    const leases = givenLeases(7);
    leases.giveBack('ck_1', 7, [59, 60, 61]);

    expect(Array.from({ length: 3 }, () => leases.takeWithin('ck_1', 60))).toEqual([59, 60, null]);
    expect(leases.next('ck_1')).toBe(61);
    expect(leases.takeWithin('ck_1', 60)).toBeNull();
  });

  it('end with their minute, and take no numbers of an earlier minute', () => {
    const leases = givenLeases(7);
    leases.giveBack('ck_1', 7, [5]);

    leases.enter(7);
    expect(leases.minute).toBe(7);
    expect(leases.takeWithin('ck_1', 10)).toBe(5);
    leases.giveBack('ck_1', 7, [6]);
    leases.enter(8);
    leases.giveBack('ck_1', 7, [5]);
    expect(leases.minute).toBe(8);
    expect(leases.takeWithin('ck_1', 10)).toBeNull();
  });
});
